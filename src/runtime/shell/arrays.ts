/**
 * Arrays of bash. An element is a variable `NAME[INDEX]`, so that arrays are as plain as all variables.
 * Invariant: elements are in the order of their indices; an array is never exported.
 */
import type { ShellState } from './state.ts';

/** The indices that are set; a variable that is no array has one element, with the index 0. */
export function indices(shell: ShellState, name: string): readonly number[] {
  const prefix = `${name}[`;
  const all = Object.keys(shell.vars).flatMap((key) => (key.startsWith(prefix) ? [Number(key.slice(prefix.length, -1))] : []));
  if (all.length === 0 && Object.hasOwn(shell.vars, name)) return [0];
  return all.toSorted((a, b) => a - b);
}

export function elements(shell: ShellState, name: string): readonly string[] {
  return indices(shell, name).map((index) => element(shell, name, index) ?? '');
}

/** One element; negative indices count from the end. */
export function element(shell: ShellState, name: string, index: number): string | undefined {
  const place = index < 0 ? (indices(shell, name).at(-1) ?? -1) + 1 + index : index;
  const key = `${name}[${place}]`;
  if (Object.hasOwn(shell.vars, key)) return shell.vars[key];
  return place === 0 && Object.hasOwn(shell.vars, name) ? shell.vars[name] : undefined;
}

/** Empties it before it is set anew. */
export function clearArray(shell: ShellState, name: string): void {
  for (const index of indices(shell, name)) delete shell.vars[`${name}[${index}]`];
  delete shell.vars[name];
}

/** The variables that `NAME=(…)` or `NAME+=(…)` sets. */
export function assigned(
  shell: ShellState,
  name: string,
  append: boolean,
  values: readonly string[],
): readonly (readonly [name: string, value: string])[] {
  const from = append ? (indices(shell, name).at(-1) ?? -1) + 1 : 0;
  return values.map((value, place) => [`${name}[${from + place}]`, value] as const);
}

export function setArray(shell: ShellState, name: string, values: readonly string[]): void {
  clearArray(shell, name);
  for (const [key, value] of assigned(shell, name, false, values)) shell.vars[key] = value;
}

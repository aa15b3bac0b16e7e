import type { Container, Pod } from '../../api/schema/types/core/v1.ts';
import { parseProgram, type Program, type Start } from './grammar.ts';
import type { Described } from '../images/content.ts';
import { describedProgram } from './described.ts';
import { usualProgram } from './wellKnown.ts';

export const PROGRAM_ANNOTATION = 'kubepad.dev/program.';
const CACHE_LIMIT = 2048;
/** A pure memo of parsed texts: many Pods of one template share a program. */
const parsed = new Map<string, Program>();

/** The program of a container: its annotation, else what its Image says, else what its image and command usually do. */
export function programOf(
  pod: Pod,
  container: Pick<Container, 'name' | 'image' | 'command' | 'args' | 'stdin'>,
  described?: Described,
): Program {
  const text = pod.metadata.annotations?.[PROGRAM_ANNOTATION + container.name];
  if (text !== undefined) return parse(text, false);
  if (described !== undefined) return describedProgram(container, described);
  const usual = usualProgram(container);
  return parse(usual.text, usual.healthy);
}

/** What the n-th start (from 0) of a container does. */
export function startOf(program: Program, attempt: number): Start {
  return program.starts[Math.min(attempt, program.starts.length - 1)] ?? { work: [] };
}

function parse(text: string, healthy: boolean): Program {
  const key = healthy ? `healthy ${text}` : text;
  let program = parsed.get(key);
  if (program === undefined) {
    const made = parseProgram(text).program;
    program = healthy ? { ...made, starts: made.starts.map((start) => ({ ...start, healthy: true })) } : made;
    if (parsed.size >= CACHE_LIMIT) parsed.clear();
    parsed.set(key, program);
  }
  return program;
}

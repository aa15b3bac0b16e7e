import type { ShellState } from './state.ts';

/** The value of a variable or of one of the shell's own parameters; undefined: not set. */
export function getVariable(shell: ShellState, name: string): string | undefined {
  switch (name) {
    case '?':
      return String(shell.status);
    case '#':
      return String(shell.positional.length);
    case '0':
      return shell.name;
    case '-':
      return shell.options;
    case '!':
      return shell.lastBackground === null ? undefined : String(shell.lastBackground);
    case '@':
    case '*':
      return shell.positional.length === 0 ? undefined : shell.positional.join((shell.vars['IFS'] ?? ' ').slice(0, 1));
    default:
      if (/^[1-9]\d*$/.test(name)) return shell.positional[Number(name) - 1];
      return Object.hasOwn(shell.vars, name) ? shell.vars[name] : shell.vars[`${name}[0]`];
  }
}

/** What doubles itself in a loop does not become larger than this. */
const MOST_CHARACTERS = 4_194_304;

/** Whether it may be set. */
export function setVariable(shell: ShellState, name: string, value: string): boolean {
  if (Object.hasOwn(shell.readonly, name)) return false;
  shell.vars[name] = value.length > MOST_CHARACTERS ? value.slice(0, MOST_CHARACTERS) : value;
  if (shell.options.includes('a')) shell.exported[name] = true;
  return true;
}

/** What the programs that the shell starts get. */
export function exportedVariables({ vars, exported }: ShellState): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of Object.keys(exported)) {
    const value = vars[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

export function newShell(name: string, env: Readonly<Record<string, string>>, interactive: ShellState['interactive'] = 'no'): ShellState {
  return {
    sources: [],
    frames: [],
    vars: { ...env, OPTIND: '1' },
    exported: Object.fromEntries(Object.keys(env).map((key) => [key, true])),
    readonly: {},
    functions: {},
    aliases: {},
    positional: [],
    name,
    status: 0,
    options: '',
    traps: {},
    pending: [],
    jobs: [],
    ended: {},
    lastBackground: null,
    interactive,
    typed: '',
    prompted: false,
    optionPlace: 1,
    exiting: null,
  };
}

import { decodeUtf8 } from '../files/bytes.ts';
import type { Task } from '../process/task.ts';
import type { Wait } from '../process/world.ts';
import { pushScript } from './frames.ts';
import { parseScript } from './parse.ts';
import type { ShellState } from './state.ts';

/** A shell without a script takes its next command from its input. @returns what it waits for */
export function readCommands(task: Task, shell: ShellState): Wait | undefined {
  if (shell.interactive === 'prompt' && !shell.prompted) {
    task.write(2, shell.typed === '' ? prompt(task, shell) : '> ');
    shell.prompted = true;
  }
  const line = task.line(0);
  if (line === undefined) return { for: 'input', fd: 0 };
  shell.prompted = false;
  if (line === null) {
    shell.exiting = shell.status;
    return undefined;
  }
  const text = shell.typed + decodeUtf8(line);
  const script = parseScript(text);
  const isOpen = typeof script === 'string' && /unexpected end of file|unterminated/.test(script);
  if (isOpen || endsInDocument(text)) {
    shell.typed = text;
    return undefined;
  }
  shell.typed = '';
  if (text.trim() !== '') pushScript(task, shell, text);
  return undefined;
}

/** The last line of a here-document is yet to come. */
function endsInDocument(text: string): boolean {
  const match = /<<-?\s*['"]?(\w+)/.exec(text);
  return match !== null && !new RegExp(`\\n\\t*${match[1] ?? ''}\\n`).test(text);
}

function prompt({ machine, proc }: Task, shell: ShellState): string {
  const sign = machine.user.id === 0 ? '#' : '$';
  const home = shell.vars['HOME'];
  const place = home !== undefined && home !== '/' && proc.cwd === home ? '~' : proc.cwd;
  return shell.name.includes('bash') ? `${machine.user.name}@${machine.hostName}:${place}${sign} ` : `${place} ${sign} `;
}

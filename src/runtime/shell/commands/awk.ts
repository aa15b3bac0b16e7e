/** `awk`, as far as documentation goes: patterns, `BEGIN` and `END`, `print` and `printf`, variables, arrays, `if` and `for`. */
import { decodeUtf8 } from '../../files/bytes.ts';
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import { AwkRun } from './awkRun.ts';
import { parseAwk } from './awkParse.ts';
import { eachLine, isWait, type Memory } from './support.ts';

export const awkCommands: Readonly<Record<string, Command>> = { awk, gawk: awk, mawk: awk };

function awk(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const variables: Record<string, string> = {};
  let at = 0;
  for (; /^-[Fv]/.test(args[at] ?? ''); at++) {
    const arg = args[at] ?? '';
    const value = arg.length > 2 ? arg.slice(2) : (args[++at] ?? '');
    const [name = '', ...text] = value.split('=');
    if (arg.startsWith('-F')) variables['FS'] = value.replaceAll('\\t', '\t');
    else variables[name] = text.join('=');
  }
  const [text = '', ...names] = args.slice(at);
  const program = parseAwk(text);
  if (typeof program === 'string') {
    task.complain(`awk: cmd. line:1: ${program}`);
    return 1;
  }
  const kept = memory['variables'] as Record<string, string | Record<string, string>> | undefined;
  const run = new AwkRun(program, kept ?? { ...variables, NR: '0' }, (out) => task.print(out));
  if (kept === undefined) run.begin();
  const save = (): void => void (memory['variables'] = run.variables);
  if (run.exit !== undefined) return run.exit;
  if (program.rules.some(({ when }) => when !== 'BEGIN')) {
    const done = eachLine(task, memory, 'awk', names, (line) => {
      run.line(decodeUtf8(line));
      return run.exit === undefined ? undefined : 'stop';
    });
    save();
    if (isWait(done)) return done;
    run.end();
    return run.exit ?? (done ? 2 : 0);
  }
  return 0;
}

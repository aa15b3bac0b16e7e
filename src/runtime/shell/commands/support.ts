import { encodeUtf8 } from '../../files/bytes.ts';
import { resolvePath } from '../../files/fileSystem.ts';
import type { Process, Wait } from '../process.ts';

export function print(task: Process, text: string): void {
  task.out(encodeUtf8(text));
}

export function complain(task: Process, text: string): void {
  task.err(encodeUtf8(`${text}\n`));
}

export function pathOf(task: Process, name: string): string {
  return resolvePath(task.cwd, name);
}

/** Everything that comes in until the end. */
export function* readAll({ input }: Process): Generator<Wait, string, void> {
  let text = input.take();
  while (!input.closed) {
    yield { for: 'input' };
    text += input.take();
  }
  return text;
}

/** The bytes of the files that are named, or of the input if none is; `-` is the input. Missing files are complained of. */
export function* readFiles(
  task: Process,
  command: string,
  names: readonly string[],
): Generator<Wait, { readonly texts: readonly { readonly name: string; readonly content: string }[]; readonly failed: boolean }, void> {
  const texts: { name: string; content: string }[] = [];
  let failed = false;
  for (const name of names.length === 0 ? ['-'] : names) {
    if (name === '-') {
      texts.push({ name, content: yield* readAll(task) });
      continue;
    }
    const read = task.machine.files.read(pathOf(task, name));
    if (typeof read === 'string') {
      complain(task, `${command}: ${name}: ${read}`);
      failed = true;
    } else texts.push({ name, content: read.content });
  }
  return { texts, failed };
}

/** Single letters behind dashes, and the other arguments. `--` ends the options. Letters in `withValue` take the next word. */
export function options(
  args: readonly string[],
  withValue = '',
): { readonly flags: ReadonlySet<string>; readonly values: ReadonlyMap<string, string>; readonly names: readonly string[] } {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const names: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      names.push(...args.slice(index + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') names.push(arg);
    else if (arg.startsWith('--')) flags.add(arg);
    else {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at] ?? '';
        flags.add(letter);
        if (!withValue.includes(letter)) continue;
        const rest = arg.slice(at + 1);
        values.set(letter, rest === '' ? (args[++index] ?? '') : rest);
        break;
      }
    }
  }
  return { flags, values, names };
}

/** Lines without their ends. */
export function linesOf(content: string): readonly string[] {
  const lines = content.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** The commands of RUN that write, move and take away files, as far as these are known. */
import type { Command } from './commands.ts';
import type { Effect, Place } from './packages.ts';
import { baseName, resolve, type TreeFile } from './tree.ts';

const QUICK_MS = 60;

/** Undefined: the command is none of these. */
export function fileEffect(command: Command, place: Place): Effect | undefined {
  const [name = '', ...args] = command.words;
  const paths = args.filter((arg) => !arg.startsWith('-')).map((arg) => resolve(place.cwd, expand(arg, place)));
  switch (baseName(name)) {
    case 'echo':
    case 'printf':
      return written(command, place, textOf(baseName(name), args, place));
    case '':
      return written(command, place, '');
    case 'mkdir':
      return quick(paths.map((path) => ({ path, type: 'Directory' as const })));
    case 'touch':
      return quick(paths.filter((path) => !place.tree.has(path)).map((path) => ({ path, text: '' })));
    case 'rm':
      return quick(
        paths
          .flatMap((path) => (path.includes('*') ? place.tree.matches(path) : [path]))
          .map((path) => ({ path, type: 'Removed' as const })),
      );
    case 'cp':
    case 'mv':
      return moved(baseName(name), paths, place);
    case 'chmod':
      return quick(
        paths.slice(1).flatMap((path) =>
          withMode(
            place.tree.get(path),
            args.find((arg) => /^[0-7]{3,4}$/.test(arg)),
          ),
        ),
      );
    case 'true':
    case ':':
    case 'set':
    case 'export':
    case 'chown':
    case 'ls':
    case 'cat':
      return quick([]);
    default:
      return undefined;
  }
}

function quick(files: readonly TreeFile[]): Effect {
  return { ms: QUICK_MS, bytes: 0, files };
}

function written({ output }: Command, place: Place, text: string): Effect {
  if (output === undefined) return { ...quick([]), lines: text === '' ? [] : text.replace(/\n$/, '').split('\n') };
  const path = resolve(place.cwd, expand(output.path, place));
  if (path.startsWith('/dev/')) return quick([]);
  const former = output.appends ? (place.tree.get(path)?.text ?? '') : '';
  return quick([{ path, text: former + text }]);
}

/** The text that `echo` or `printf` writes; of formats only `%s`. */
function textOf(name: string, args: readonly string[], place: Place): string {
  const values = args.map((arg) => expand(arg, place));
  const unescape = (text: string): string => text.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  if (name === 'echo') {
    const flags = values.findIndex((value) => !/^-[neE]+$/.test(value));
    const words = flags < 0 ? [] : values.slice(flags);
    const options = values.slice(0, Math.max(flags, 0)).join('');
    const text = words.join(' ');
    return `${options.includes('e') ? unescape(text) : text}${options.includes('n') ? '' : '\n'}`;
  }
  const [format = '', ...rest] = values;
  let at = 0;
  return unescape(format).replaceAll(/%[sd]/g, () => rest[at++] ?? '');
}

function expand(text: string, { env }: Place): string {
  return text.replaceAll(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g,
    (_, bare: string | undefined, braced: string | undefined) => env(bare ?? braced ?? '') ?? '',
  );
}

function moved(name: string, paths: readonly string[], { tree, guesses }: Place): Effect {
  const target = paths.at(-1);
  if (target === undefined || paths.length < 2) return { ...quick([]), exitCode: 1, lines: [`${name}: missing file operand`] };
  const files: TreeFile[] = [];
  for (const source of paths.slice(0, -1)) {
    const found = tree.get(source);
    const to = tree.isDirectory(target) ? `${target}/${baseName(source)}` : target;
    if (tree.isDirectory(source)) files.push(...tree.below(source).map((file) => ({ ...file, path: to + file.path.slice(source.length) })));
    else if (found !== undefined) files.push({ ...found, path: to });
    else if (!guesses) return { ...quick([]), exitCode: 1, lines: [`${name}: can't stat '${source}': No such file or directory`] };
    if (name === 'mv') files.push({ path: source, type: 'Removed' });
  }
  return quick(files);
}

function withMode(file: TreeFile | undefined, mode: string | undefined): readonly TreeFile[] {
  return file === undefined || mode === undefined ? [] : [{ ...file, mode: Number.parseInt(mode, 8) }];
}

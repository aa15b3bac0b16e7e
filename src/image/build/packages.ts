/**
 * What commands that install and compile bring, and how long they take: plausible sizes and times, always the same for the same command.
 * Invariant: data and sums; nothing is fetched.
 */
import type { TreeFile, Tree } from './tree.ts';
import { baseName, resolve } from './tree.ts';

/** What a command comes to. */
export interface Effect {
  readonly ms: number;
  readonly bytes: number;
  readonly files?: readonly TreeFile[];
  readonly lines?: readonly string[];
  /** Other than 0: the step fails. */
  readonly exitCode?: number;
  /** What it left is taken away again by a clean-up in the same step. */
  readonly cache?: 'apt' | 'apk' | 'dnf' | 'npm' | 'pip';
}

export interface Place {
  readonly tree: Tree;
  readonly cwd: string;
  readonly env: (name: string) => string | undefined;
  /** Whether files may be there that nobody knows of. */
  readonly guesses: boolean;
}

const MEGA = 1_000_000;

/** Undefined: the command is no such one. */
export function packageEffect(words: readonly string[], place: Place): Effect | undefined {
  const [name = '', ...args] = words;
  const plain = args.filter((arg) => !arg.startsWith('-'));
  const [verb = '', ...rest] = plain;
  switch (baseName(name)) {
    case 'apt-get':
    case 'apt':
      if (verb === 'update') return { ms: 3200, bytes: 19 * MEGA, cache: 'apt', lines: ['Reading package lists...'] };
      return verb === 'install' ? installed(rest, 'apt', 9 * MEGA, 1400) : { ms: 500, bytes: 0 };
    case 'apk':
      if (verb === 'update') return { ms: 600, bytes: 2 * MEGA, cache: 'apk' };
      return verb === 'add' ? installed(withoutVirtual(args, rest), 'apk', 3 * MEGA, 500) : { ms: 200, bytes: 0 };
    case 'yum':
    case 'dnf':
    case 'microdnf':
      return verb === 'install' ? installed(rest, 'dnf', 12 * MEGA, 2000) : { ms: 1500, bytes: 30 * MEGA, cache: 'dnf' };
    case 'npm':
    case 'yarn':
    case 'pnpm':
    case 'bun':
      return node(baseName(name), verb, rest, args, place);
    case 'pip':
    case 'pip3':
      return verb === 'install' ? pip(args, rest, place) : { ms: 300, bytes: 0 };
    case 'python':
    case 'python3':
      return args[0] === '-m' && args[1] === 'pip' ? packageEffect(['pip', ...args.slice(2)], place) : undefined;
    case 'go':
      return go(verb, args, place);
    case 'cargo':
      return verb === 'build' ? compiled(`${place.cwd}/target/release/app`, 14 * MEGA, 45_000) : { ms: 8000, bytes: 60 * MEGA };
    case 'mvn':
    case 'mvnw':
    case './mvnw':
      return args.includes('dependency:go-offline')
        ? { ms: 22_000, bytes: 90 * MEGA }
        : compiled(`${place.cwd}/target/app.jar`, 32 * MEGA, 28_000);
    case 'gradle':
    case 'gradlew':
      return compiled(`${place.cwd}/build/libs/app.jar`, 32 * MEGA, 30_000);
    case 'dotnet':
      return dotnet(verb, args, place);
    case 'bundle':
      return { ms: 14_000, bytes: 60 * MEGA, lines: ['Bundle complete!'] };
    case 'composer':
      return { ms: 7000, bytes: 25 * MEGA };
    case 'git':
      return verb === 'clone' ? { ms: 2500, bytes: 12 * MEGA } : { ms: 100, bytes: 0 };
    case 'curl':
    case 'wget':
      return {
        ms: 900,
        bytes: args.some((arg) => /^-[A-Za-z]*[oO]|^--output|^--remote-name/.test(arg)) || baseName(name) === 'wget' ? 4 * MEGA : 0,
      };
    case 'make':
    case 'cmake':
    case 'gcc':
    case 'g++':
      return { ms: 9000, bytes: 5 * MEGA };
    case 'tsc':
      return { ms: 4000, bytes: MEGA, files: [{ path: resolve(place.cwd, 'dist'), type: 'Directory' }] };
    default:
      return undefined;
  }
}

function installed(packages: readonly string[], cache: 'apt' | 'apk' | 'dnf', bytes: number, ms: number): Effect {
  const lines = packages.map((name, index) =>
    cache === 'apk' ? `(${index + 1}/${packages.length}) Installing ${name}` : `Setting up ${name} ...`,
  );
  return { ms: 400 + packages.length * ms, bytes: packages.length * bytes, lines };
}

/** `--virtual NAME` names the packages and is none. */
function withoutVirtual(args: readonly string[], packages: readonly string[]): readonly string[] {
  const at = args.findIndex((arg) => arg === '--virtual' || arg === '-t');
  return at < 0 ? packages : packages.filter((name) => name !== args[at + 1]);
}

/** Example: 12 dependencies, of which 4 for development only, of `npm ci --omit=dev` are 8 × 2.2 MB in node_modules. */
function node(tool: string, verb: string, rest: readonly string[], args: readonly string[], place: Place): Effect {
  const manifest = place.tree.get(resolve(place.cwd, 'package.json'));
  if (verb === 'run' || verb === 'build' || verb === 'exec') {
    const builds = [verb, ...rest].includes('build');
    return {
      ms: builds ? 9000 : 1500,
      bytes: 0,
      files: builds ? ['dist', 'build'].map((name) => ({ path: resolve(place.cwd, name), type: 'Directory' as const })) : [],
    };
  }
  if (verb === 'cache') return { ms: 200, bytes: 0 };
  const isClean = verb === 'ci' || verb === 'clean-install';
  if (!isClean && verb !== 'install' && verb !== 'i' && verb !== 'add' && !(verb === '' && tool !== 'npm')) return { ms: 400, bytes: 0 };
  const global = args.includes('-g') || args.includes('--global');
  if (global || (rest.length > 0 && !isClean))
    return { ms: 1200 + rest.length * 900, bytes: rest.length * 6 * MEGA, lines: [`added ${rest.length} packages`] };
  if (manifest === undefined && !place.guesses) return missingManifest(tool, place.cwd);
  if (isClean && !place.guesses && !['package-lock.json', 'npm-shrinkwrap.json'].some((name) => place.tree.has(resolve(place.cwd, name))))
    return {
      ms: 300,
      bytes: 0,
      exitCode: 1,
      lines: [
        'npm error The `npm ci` command can only install with an existing package-lock.json or',
        'npm error npm-shrinkwrap.json with lockfileVersion >= 1.',
      ],
    };
  const production =
    args.some((arg) => /^--(?:omit=dev|production|only=production|prod)$/.test(arg)) || place.env('NODE_ENV') === 'production';
  const count = dependencies(manifest?.text ?? '', production);
  return {
    ms: 900 + count * 350,
    bytes: count * 2.2 * MEGA,
    files: [{ path: resolve(place.cwd, 'node_modules'), type: 'Directory' }],
    lines: [
      count === 0 ? 'up to date, audited 1 package in 1s' : `added ${count * 7} packages, and audited ${count * 7 + 1} packages`,
      'found 0 vulnerabilities',
    ],
  };
}

function missingManifest(tool: string, cwd: string): Effect {
  const path = resolve(cwd, 'package.json');
  if (tool !== 'npm') return { ms: 200, bytes: 0, exitCode: 1, lines: [`error Couldn't find a package.json file in "${cwd}"`] };
  return {
    ms: 200,
    bytes: 0,
    exitCode: 254,
    lines: [
      'npm error code ENOENT',
      `npm error path ${path}`,
      `npm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open '${path}'`,
    ],
  };
}

function dependencies(text: string, production: boolean): number {
  try {
    const { dependencies: main = {}, devDependencies: dev = {} } = JSON.parse(text === '' ? '{}' : text) as Readonly<
      Record<string, object>
    >;
    return Object.keys(main).length + (production ? 0 : Object.keys(dev).length);
  } catch {
    return 0;
  }
}

function pip(args: readonly string[], names: readonly string[], place: Place): Effect {
  const at = args.findIndex((arg) => arg === '-r' || arg === '--requirement');
  const file = at < 0 ? undefined : (args[at + 1] ?? '');
  let packages = names.filter((name) => name !== file && name !== '.');
  if (file !== undefined) {
    const found = place.tree.get(resolve(place.cwd, file));
    if (found === undefined && !place.guesses)
      return {
        ms: 300,
        bytes: 0,
        exitCode: 1,
        lines: [`ERROR: Could not open requirements file: [Errno 2] No such file or directory: '${file}'`],
      };
    const lines = (found?.text ?? '').split('\n').map((line) => line.replace(/#.*$/, '').trim());
    packages = [...packages, ...lines.filter((line) => line !== '' && !line.startsWith('-'))];
  }
  const cached = args.includes('--no-cache-dir') || place.env('PIP_NO_CACHE_DIR') !== undefined ? 0 : packages.length * 2 * MEGA;
  return {
    ms: 800 + packages.length * 900,
    bytes: packages.length * 7 * MEGA + cached,
    lines: packages.length === 0 ? [] : [`Successfully installed ${packages.map((name) => name.replace(/[<>=!~;[].*$/, '')).join(' ')}`],
  };
}

function go(verb: string, args: readonly string[], place: Place): Effect {
  if (verb === 'build' || verb === 'install') {
    const at = args.indexOf('-o');
    const target = at < 0 ? baseName(place.cwd) : (args[at + 1] ?? 'app');
    const inside = target.endsWith('/') ? `${target}${baseName(place.cwd)}` : target;
    return compiled(verb === 'install' ? `/go/bin/${inside}` : resolve(place.cwd, inside), 11 * MEGA, 14_000);
  }
  if (verb !== 'mod') return { ms: 1500, bytes: 0 };
  const text = place.tree.get(resolve(place.cwd, 'go.mod'))?.text ?? '';
  const modules = [...text.matchAll(/^\s*(?:require\s+)?[\w.-]+\.[\w./-]+\s+v\d/gm)].length;
  return { ms: 600 + modules * 400, bytes: modules * 3 * MEGA };
}

function dotnet(verb: string, args: readonly string[], place: Place): Effect {
  if (verb === 'restore') return { ms: 9000, bytes: 45 * MEGA };
  const at = args.findIndex((arg) => arg === '-o' || arg === '--output');
  return compiled(resolve(place.cwd, `${at < 0 ? 'bin/Release/publish' : (args[at + 1] ?? 'out')}/app.dll`), 3 * MEGA, 12_000);
}

function compiled(path: string, size: number, ms: number): Effect {
  return { ms, bytes: 0, files: [{ path, size, mode: 0o755 }] };
}

/**
 * What programs come to that are no shell and none of its commands: the servers of known images, and what nobody knows.
 * Invariant: an honest limit is told in the log. Counterpart: the programs in people's own images.
 */
import type { ServerProgram } from '../process/world.ts';
import { baseName } from '../process/exec.ts';
import { isUndescribed } from '../images/tools.ts';
import { imageBaseName } from '../images/reference.ts';
import { serverText } from './servers.ts';

/** Interpreters of languages that are not simulated. */
const LANGUAGES: ReadonlySet<string> = new Set([
  'python',
  'python3',
  'node',
  'ruby',
  'php',
  'java',
  'go',
  'deno',
  'bun',
  'dotnet',
  'Rscript',
  'lua',
]);

/**
 * @param ports what the container declares
 * @returns undefined: there is no such program
 */
export function foreignProgram(
  image: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ports: readonly number[],
): ServerProgram | undefined {
  const [path = ''] = args;
  const name = baseName(path);
  const served = servedDirectory(name, args);
  if (served !== undefined) return served;
  const known = serverText(name, image, args.slice(1), env);
  if (known !== undefined) return { kind: 'server', text: known };
  if (LANGUAGES.has(name) && (isUndescribed(image) || imageBaseName(image) === languageImage(name))) return ofLanguage(name, args, ports);
  if (!isUndescribed(image)) return undefined;
  return { kind: 'server', text: unknownText(`what ${name} does`, ports), healthy: true };
}

/** An image that nobody described, or a program of it, runs for ever and says so. */
export function unknownText(what: string, ports: readonly number[]): string {
  const where = ports.length === 0 ? '' : ` and listens on ${ports.join(', ')}`;
  return `log kubepad: ${what.replaceAll(/[;|]/g, ' ')} is not known: it is taken to run for ever${where}; run; on-term exit 0`;
}

function languageImage(name: string): string {
  const images: Readonly<Record<string, string>> = { python3: 'python', java: 'openjdk', go: 'golang' };
  return images[name] ?? name;
}

/** `python3 -m http.server 8000 --directory /www`, `httpd -f -p 8080 -h /www` of busybox. */
function servedDirectory(name: string, args: readonly string[]): ServerProgram | undefined {
  if (/^python3?$/.test(name) && args[args.indexOf('-m') + 1] === 'http.server' && args.includes('-m')) {
    const port = args.find((arg) => /^\d+$/.test(arg)) ?? '8000';
    const at = args.findIndex((arg) => arg === '-d' || arg === '--directory');
    return {
      kind: 'server',
      text: `log Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...; run; serve ${port} 200`,
      root: at < 0 ? '.' : (args[at + 1] ?? '.'),
    };
  }
  if (name === 'httpd' && args.some((arg) => arg.includes('f') && arg.startsWith('-'))) {
    const value = (letter: string): string | undefined => {
      const at = args.findIndex((arg) => arg.startsWith(`-${letter}`) || (arg.startsWith('-') && arg.endsWith(letter)));
      return at < 0 ? undefined : args[at]?.endsWith(letter) === true ? args[at + 1] : args[at]?.slice(2);
    };
    return { kind: 'server', text: `run; serve ${(value('p') ?? '80').replace(/^.*:/, '')} 200`, root: value('h') ?? '.' };
  }
  return undefined;
}

/** A program given as text is over at once; a file of it runs for ever, as servers do. */
function ofLanguage(name: string, args: readonly string[], ports: readonly number[]): ServerProgram {
  const isText = args.some((arg) => /^-\w*[ce]$/.test(arg) || arg === '--eval' || arg === '-p' || arg === '--version' || arg === '-V');
  if (isText || args.length === 1) {
    return { kind: 'server', text: `log kubepad: programs of ${name} are not simulated: this one is taken to end well; exit 0` };
  }
  return { kind: 'server', text: unknownText(`what ${args.join(' ')} does`, ports), healthy: true };
}

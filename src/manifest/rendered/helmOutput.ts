/**
 * Reads what `helm template` prints: the rendered files, and its complaints with the places that they name.
 * Counterpart: cmd/helm's template command.
 */

/**
 * What was rendered from each template, by its path as Helm names it: `CHART/templates/x.yaml`.
 * Where a template cannot be read as YAML, `--debug` prints every file whole, and behind them hooks a second time.
 */
export function renderedFiles(output: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const head = /^---\n# Source: (\S.*)\n/gm;
  const matches = [...output.matchAll(head)];
  for (const [index, match] of matches.entries()) {
    const path = match[1] ?? '';
    if (files.has(path)) continue;
    files.set(path, output.slice(match.index + match[0].length, matches[index + 1]?.index ?? output.length));
  }
  return files;
}

export interface HelmProblem {
  /** Path as Helm names it; empty where the problem is one of the chart. */
  readonly path: string;
  /** From 1; 0: not known. */
  readonly line: number;
  /** Bytes from 0; undefined: not known. */
  readonly column: number | undefined;
  readonly message: string;
  /** The chart itself asks for something: `required` and `fail`. */
  readonly asked: boolean;
}

/** What stopped Helm, from its error output. */
export function helmProblem(stderr: string): HelmProblem {
  const text = stderr
    .split('\n')
    .filter((line) => !/^level=\w+ |^\w+\.go:\d+: /.test(line))
    .join('\n')
    .replace(/^Error: /, '')
    .replace(/\n*Use --debug flag to render out invalid YAML\s*$/, '')
    .trim();
  const asked = /^execution error at \((\S+?):(\d+):(\d+)\): ([\s\S]*)$/.exec(text);
  if (asked !== null) return { ...placed(asked), message: asked[4] ?? text, asked: true };
  const parse = /^parse error at \((\S+?):(\d+)\): ([\s\S]*)$/.exec(text);
  if (parse !== null) return { path: parse[1] ?? '', line: Number(parse[2]), column: undefined, message: parse[3] ?? text, asked: false };
  return executed(text) ?? { path: '', line: 0, column: undefined, message: text, asked: false };
}

/** Helm 4 prints each template that was on the way on lines of its own, Helm 3 all on one line; the first one is the file's own. */
function executed(text: string): HelmProblem | undefined {
  const four = /^(\S+?):(\d+):(\d+)\n/.exec(text);
  if (four !== null) return { ...placed(four), message: reasonOf(text), asked: false };
  const three = /^template: (\S+?):(\d+):(\d+): /.exec(text);
  return three === null ? undefined : { ...placed(three), message: reasonOf(text.slice(three[0].length)), asked: false };
}

function placed([, path = '', line, column]: RegExpExecArray): Pick<HelmProblem, 'path' | 'line' | 'column'> {
  return { path, line: Number(line), column: Number(column) };
}

/** The innermost reason, without the ways to it. */
function reasonOf(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length > 1) return lines.at(-1) ?? text;
  const parts = text.split(/: error calling \w+: |: executing "[^"]*" at <.*?>: /);
  return (parts.at(-1) ?? text).replace(/^executing "[^"]*" at <.*?>: /, '');
}

/** Findings of a values schema, by the name of the chart; undefined: the problem is another one. */
export function schemaProblems(
  message: string,
): readonly { readonly chart: string; readonly path: readonly string[]; readonly message: string }[] | undefined {
  if (!message.startsWith("values don't meet the specifications of the schema(s)")) return undefined;
  let chart = '';
  return message.split('\n').flatMap((line) => {
    const name = /^(\S+):$/.exec(line)?.[1];
    if (name !== undefined) chart = name;
    const four = /^\s*- at '([^']*)': (.*)$/.exec(line);
    if (four !== null) return [{ chart, path: pointer(four[1] ?? ''), message: four[2] ?? '' }];
    const three = /^\s*- ([\w.()]+): (.*)$/.exec(line);
    return three === null ? [] : [{ chart, path: three[1] === '(root)' ? [] : (three[1] ?? '').split('.'), message: three[2] ?? '' }];
  });
}

function pointer(text: string): readonly string[] {
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

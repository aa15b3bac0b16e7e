/** The files that a scenario names, from the disk. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ScenarioFiles } from '../../scenario/run.ts';
import { SCENARIO_FILE } from '../../scenario/source.ts';

const MANIFEST = /\.(ya?ml|json)$/i;

/** Also tells which files were read so far. */
export interface ReadFiles extends ScenarioFiles {
  readonly paths: ReadonlySet<string>;
}

/** @param file the scenario's; paths are seen from its folder
 *  @param open the text of a file that an editor has changed; undefined: what is on the disk counts */
export function scenarioFiles(file: string, open: (path: string) => string | undefined = () => undefined): ReadFiles {
  const folder = dirname(file);
  // Two scenarios of a file apply the same manifests.
  const known = new Map<string, readonly string[]>();
  const paths = new Set<string>();
  const textOf = (path: string): string => {
    paths.add(path);
    return open(path) ?? readFileSync(path, 'utf8');
  };
  return {
    paths,
    read: (path) => {
      const full = resolve(folder, path);
      try {
        let texts = known.get(full);
        if (texts === undefined) known.set(full, (texts = filesOf(full).map(textOf)));
        return texts;
      } catch (error) {
        return { error: reasonOf(error) };
      }
    },
  };
}

/** Of a folder what lies in it, as `kubectl apply -f` takes it. */
function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .filter((name) => MANIFEST.test(name) && !SCENARIO_FILE.test(name))
    .map((name) => join(path, name));
}

/** `no such file or directory` for what the operating system refuses. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z]+: ([^,]+)/.exec(message)?.[1] ?? message;
}

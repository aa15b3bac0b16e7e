import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderChart } from '../../../../src/host/rendering/helm.ts';
import { readChartFolder } from '../../../../src/host/rendering/chartFolder.ts';
import { ChartFiles } from '../../../../src/manifest/rendered/chartFiles.ts';
import type { RenderedFile, Rendering } from '../../../../src/manifest/rendered/findings.ts';
import { Marks } from '../../../../src/manifest/rendered/marks.ts';

interface Recording {
  readonly sources: readonly string[];
  readonly files: readonly RenderedFile[];
}

/** What the real helm made of a chart beside this file; `UPDATE_GOLDEN=1` with `KUBEPAD_HELM` records it anew. */
export async function recorded(name: string): Promise<{ readonly rendering: Rendering; readonly chart: ChartFiles }> {
  const folder = join(import.meta.dirname, 'charts', name);
  const file = `${folder}.json`;
  const { KUBEPAD_HELM: helm, UPDATE_GOLDEN: update } = process.env;
  if (update !== undefined && helm !== undefined) {
    const options = { helm, name, namespace: 'default', minor: 36, values: [], signal: new AbortController().signal };
    const result = await renderChart(await readChartFolder(folder, () => undefined), options);
    if (result.outcome !== 'rendered') throw new Error(JSON.stringify(result));
    const { sources, files } = result.rendering;
    writeFileSync(file, `${JSON.stringify({ sources, files } satisfies Recording, undefined, 1)}\n`);
  }
  if (!existsSync(file)) throw new Error(`${name} was not recorded`);
  const { sources, files } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  const chart = new ChartFiles(textsUnder(folder, ''));
  const marks = new Marks();
  for (const [index, path] of sources.entries()) marks.put(chart.text(path) ?? '', index, { definitions: true });
  return { rendering: { sources, files, marks: marks.all }, chart };
}

function textsUnder(folder: string, prefix: string): ReadonlyMap<string, string> {
  const entries = readdirSync(join(folder, prefix), { withFileTypes: true, recursive: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')];
      }),
  );
}

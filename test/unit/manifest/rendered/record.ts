import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderChart } from '../../../../src/host/rendering/helm.ts';
import { readChartFolder } from '../../../../src/host/rendering/chartFolder.ts';
import { ChartFiles } from '../../../../src/manifest/rendered/chartFiles.ts';
import type { RenderedFile, Rendering } from '../../../../src/manifest/rendered/findings.ts';
import { Marks } from '../../../../src/manifest/rendered/marks.ts';

interface Recording {
  /** Of the chart's texts: a recording is of what the chart was then. */
  readonly stamp: string;
  readonly sources: readonly string[];
  readonly files: readonly RenderedFile[];
}

const CHARTS = join(import.meta.dirname, 'charts');

/** What the real helm made of a chart; `UPDATE_GOLDEN=1` with `KUBEPAD_HELM` records it anew. */
export async function recorded(
  name: string,
  folder = join(CHARTS, name),
): Promise<{ readonly rendering: Rendering; readonly chart: ChartFiles }> {
  const file = join(CHARTS, `${name}.json`);
  const texts = textsUnder(folder);
  const stamp = createHash('sha256')
    .update(JSON.stringify([...texts].toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex');
  const { KUBEPAD_HELM: helm, UPDATE_GOLDEN: update } = process.env;
  if (update !== undefined && helm !== undefined) {
    const options = { helm, name, namespace: 'default', minor: 36, values: [], signal: new AbortController().signal };
    const result = await renderChart(await readChartFolder(folder, () => undefined), options);
    if (result.outcome !== 'rendered') throw new Error(JSON.stringify(result));
    const { sources, files } = result.rendering;
    writeFileSync(file, `${JSON.stringify({ stamp, sources, files } satisfies Recording, undefined, 1)}\n`);
  }
  if (!existsSync(file)) throw new Error(`${name} was not recorded`);
  const { stamp: recordedOf, sources, files } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  if (recordedOf !== stamp) throw new Error(`${name} has changed since it was recorded`);
  const chart = new ChartFiles(texts);
  const marks = new Marks();
  for (const [index, path] of sources.entries()) marks.put(chart.text(path) ?? '', index, { definitions: true });
  return { rendering: { sources, files, marks: marks.all }, chart };
}

function textsUnder(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')];
      }),
  );
}

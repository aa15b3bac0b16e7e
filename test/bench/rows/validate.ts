import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { root } from '../../../scripts/support/process.ts';
import { findKubeconform, KUBECONFORM } from '../peers/kubeconform.ts';
import { best, row, seconds, type Row } from '../row.ts';
import { bundle, manyDocuments } from './programStart.ts';

const FILES = 2_500;

export const VALIDATE_ROW: Row = row(
  'validate',
  {
    what: 'validate 5,000 resources in 2,500 files, whole process',
    target: '≤ 0.33 s',
    peer: 'kubeconform (schema only), another run: 0.55 to 0.68 s',
  },
  async () => {
    bundle();
    const folder = mkdtempSync(join(tmpdir(), 'kubepad-bench-'));
    const texts: string[] = [];
    for (let n = 0; n < FILES; n++) {
      const text = manyDocuments(2, `f${n}`);
      texts.push(text);
      writeFileSync(join(folder, `f${n}.yaml`), text);
    }
    const other = findKubeconform();
    let ms = Number.POSITIVE_INFINITY;
    let otherMs = Number.POSITIVE_INFINITY;
    // In turn, so that what else runs on the machine meets both.
    for (let n = 0; n < 5; n++) {
      ms = Math.min(ms, await best(1, () => succeed(process.execPath, [join(root, 'dist/kubepad.mjs'), 'validate', folder])));
      if (other !== undefined) otherMs = Math.min(otherMs, await best(1, () => succeed(other.program, [...other.args, folder])));
    }
    // The reader that we would use for values alone, on the same documents in the same run.
    const yaml = await best(3, () => {
      for (const text of texts) loadAll(text);
    });
    rmSync(folder, { recursive: true });
    return {
      value: seconds(ms),
      meetsTarget: ms <= 330,
      meetsPeer: ms <= (other === undefined ? 550 : otherMs),
      ...(other === undefined ? {} : { peer: `${KUBECONFORM} (schema only) in the same run: ${seconds(otherMs)}` }),
      work: `js-yaml reads the same text, already in memory, in ${seconds(yaml)}: ${(ms / yaml).toFixed(1)} times that`,
    };
  },
);

function succeed(program: string, args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr || stdout);
}

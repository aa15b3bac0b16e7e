import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');

describe('kubepad compare', () => {
  const compare = (...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
    spawnSync(process.execPath, [join(root, 'src/host/cli/main.ts'), 'compare', ...args], { encoding: 'utf8' });
  const sample = join(root, 'samples/bare-pod-and-deployment');

  it('writes what the Pods of a sample come to, as a text and for programs', () => {
    const text = compare(sample);
    assert.equal(text.status, 0, text.stderr);
    assert.match(text.stdout, /^Virtual machines and containers, from the 2 Pods on worker-\d\n/);
    const json = JSON.parse(compare(sample, '--nodes', '1', '-o', 'json').stdout) as {
      readonly host: string;
      readonly instances: number;
      readonly container: { readonly fits: number; readonly layers: readonly string[] };
      readonly vm: { readonly fits: number; readonly layers: readonly string[] };
      readonly figures: Readonly<Record<string, { readonly url: string }>>;
    };
    assert.deepEqual([json.host, json.instances, json.container.layers.length, json.vm.layers.length], ['worker-1', 4, 4, 5]);
    assert.ok(json.container.fits > json.vm.fits);
    for (const { url } of Object.values(json.figures)) assert.match(url, /^https:/);
  }).timeout(60_000);

  it('says why there is nothing to compare', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubepad-compare-'));
    try {
      const file = join(folder, 'pod.yaml');
      writeFileSync(file, 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: Bad_Name\nspec:\n  containers: []\n');
      const refused = compare(file);
      assert.deepEqual([refused.status, refused.stdout], [1, '']);
      assert.match(refused.stderr, /pod\.yaml:1: .*invalid/i);
      const missing = compare(join(folder, 'none'));
      assert.deepEqual([missing.status, missing.stderr], [2, `error: ${join(folder, 'none')}: no such file or directory\n`]);
      assert.equal(compare(sample, '--node', 'nowhere').status, 1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(60_000);
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schedulerConfiguration } from '../../../../src/host/worker/schedulerFile.ts';

describe('the file of kubepad.schedulerConfig', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-scheduler-'));
  after(() => rmSync(folder, { recursive: true }));
  const problems: string[] = [];
  beforeEach(() => void (problems.length = 0));
  const read = (file: string | undefined): unknown => schedulerConfiguration(file, (text) => problems.push(text)).schedulerConfiguration;
  const write = (text: string): string => {
    const file = join(folder, 'scheduler.yaml');
    writeFileSync(file, text);
    return file;
  };
  const HEAD = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';

  it('gives its profiles', () => {
    const configuration = read(write(`${HEAD}profiles:\n- schedulerName: packing\n`));
    assert.deepEqual(configuration, {
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      profiles: [{ schedulerName: 'packing' }],
    });
    assert.deepEqual(problems, []);
  });

  it('is passed over with a word where it cannot be used', () => {
    assert.equal(read(write(`${HEAD}profile: []\n`)), undefined);
    assert.match(problems[0] ?? '', /scheduler\.yaml: strict decoding error: unknown field "profile"\. The default profile is used\.$/);
    assert.equal(read(join(folder, 'missing.yaml')), undefined);
    assert.match(problems[1] ?? '', /ENOENT/);
  });

  it('need not be there', () => {
    assert.equal(read(undefined), undefined);
    assert.deepEqual(problems, []);
  });
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../../scripts/support/process.ts';
import { requests } from '../../../src/host/protocol/protocol.ts';
import { row, seconds, type Row } from '../row.ts';
import { DIAGNOSTICS_ROW } from './diagnostics.ts';
import { withWorker } from './programStart.ts';
import { VALIDATE_ROW } from './validate.ts';

export const EDITOR_ROWS: readonly Row[] = [
  DIAGNOSTICS_ROW,
  row(
    'cold-start',
    { what: 'cold start of the worker to the first apply answered, not the first since it was installed', target: '≤ 300 ms', peer: '' },
    async () => {
      const ms = await withWorker(async (connection) => {
        const files = [{ uri: 'a.yaml', text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' }];
        await connection.sendRequest(requests.manifestApply, { files, dryRun: false, namespace: 'default', progress: undefined });
      });
      return { value: seconds(ms), meetsTarget: ms <= 300, meetsPeer: true };
    },
  ),
  VALIDATE_ROW,
  row('bundle', { what: 'size of the packaged extension', target: '≤ 3 MB', peer: '' }, async () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/package.ts')], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const [, files = '', megabytes = ''] = /(\d+) files, ([\d.]+) MB/.exec(stdout) ?? [];
    const size = Number(megabytes);
    return Promise.resolve({ value: `${megabytes} MB`, meetsTarget: size > 0 && size <= 3, meetsPeer: true, work: `${files} files` });
  }),
];

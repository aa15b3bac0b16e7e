import assert from 'node:assert/strict';
import { hover } from '../check.ts';

const pod = (line: string): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n${line}\n`;
const cron = (schedule: string, more = ''): string =>
  `apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: a\nspec:\n  schedule: "${schedule.slice(0, 1)}|${schedule.slice(1)}"\n${more}`;

describe('hover over values', () => {
  for (const [marked, expected] of [
    [pod('      resources: {requests: {cpu: 2|50m}}'), /`250m` = 0\.25 CPU, 250 millicores/],
    [pod('      resources: {requests: {memory: 1.|5Gi}}'), /`1\.5Gi` = 1,610,612,736 bytes, 1536 MiB$/],
    [pod('      resources: {limits: {memory: 40|0m}}'), /0\.4 bytes.*thousandths of a byte/],
    [pod('      resources: {limits: {example.com/card: 1|k}}'), /`1k` = 1,000/],
    [pod('      image: ngi|nx'), /Registry: `docker\.io`\n- Repository: `library\/nginx`\n- Tag: `latest` \(none is written/],
    [pod('      image: ghcr.io/a/b|:1.2'), /Registry: `ghcr\.io`\n- Repository: `a\/b`\n- Tag: `1\.2`$/],
    [pod('      image: localhost:5000/a@sha|256:0123'), /Registry: `localhost:5000`\n- Repository: `a`\n- Digest: `sha256:0123`/],
    [cron('30 6 * * *'), /in UTC by the cluster's clock:\n- Thursday.? 1 January 2026 at 06:30\n- Friday/],
    [cron('30 6 * * *', '  timeZone: Asia/Tokyo\n'), /in Asia\/Tokyo .*\n- Friday.? 2 January 2026 at 06:30/],
    [cron('0 0 30 2 *'), /never comes/],
    [cron('30 6 * * *', '  suspend: true\n'), /suspended/],
    ['apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\nspec:\n  activeDeadlineSeconds: 54|00\n', /5400 s = 1 h 30 min/],
    ['apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    app.kubernetes.io/na|me: web\n', /name of the application/],
  ] as const) {
    it(`says ${expected.source.slice(0, 60)}`, () => assert.match(hover(marked)?.markdown ?? '', expected));
  }
  it('says nothing of what is no quantity and no schedule', () => {
    assert.doesNotMatch(hover(pod('      resources: {requests: {cpu: m|any}}'))?.markdown ?? '', / = /);
    assert.doesNotMatch(hover(cron('every day'))?.markdown ?? '', /Next runs/);
  });
});

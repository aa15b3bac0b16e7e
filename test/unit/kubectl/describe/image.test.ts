import assert from 'node:assert/strict';
import { describeImage } from '../../../../src/kubectl/describe/image.ts';

describe('the description of an Image', () => {
  it('shows names, configuration and layers, and no content of files', () => {
    const text = describeImage({
      apiVersion: 'kubepad.dev/v1',
      kind: 'Image',
      metadata: { name: 'web', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: {
        repository: 'localhost:5000/web',
        tags: ['1', 'latest'],
        pushed: false,
        base: 'alpine:3.22',
        layers: [
          { digest: `sha256:${'a'.repeat(64)}`, size: 8_300_000, createdBy: 'docker.io/library/alpine:3.22 (1/1)' },
          { digest: `sha256:${'b'.repeat(64)}`, size: 12, createdBy: 'COPY . .', files: [{ path: '/secret', text: 'not for the screen' }] },
        ],
        config: { cmd: ['/web'], env: [{ name: 'A', value: '1' }], ports: ['80/tcp'] },
        program: { startTime: '3s' },
        source: { dockerfile: 'Dockerfile' },
      },
      status: { digest: `sha256:${'c'.repeat(64)}`, size: 8_300_012, nodeCount: 3, nodes: ['worker-1', 'worker-2'] },
    } as never).join('\n');
    assert.equal(
      text,
      `Name:             web
Labels:           <none>
Annotations:      <none>
CreationTime:     2026-01-01T00:00:00Z
Repository:       localhost:5000/web
Tags:             1, latest
Digest:           sha256:${'c'.repeat(64)}
Size:             8.3MB
Pushed:           False: only the builder has it
Base:             alpine:3.22
Dockerfile:       Dockerfile
Nodes:            worker-1, worker-2 and 1 more
Configuration:
  Command:        ["/web"]
  Ports:          80/tcp
  Environment:
    A=1
Program:
  startTime: 3s
Layers:
  Layer         Size   Files  Created By
  -----         ----   -----  ----------
  bbbbbbbbbbbb  12B    1      COPY . .
  aaaaaaaaaaaa  8.3MB  0      docker.io/library/alpine:3.22 (1/1)`,
    );
  });
});

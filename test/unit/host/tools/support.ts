import { CancellationToken } from 'vscode-jsonrpc';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { ToolAnswer } from '../../../../src/host/protocol/tool.ts';
import { Clusters } from '../../../../src/host/tools/clusters.ts';
import { placeOf, type Place } from '../../../../src/host/tools/place.ts';
import { toolOf } from '../../../../src/host/tools/registry.ts';
import { createApiJudge } from '../../../../src/manifest/apiJudge.ts';

const judge = createApiJudge();

export const START = Date.UTC(2026, 0, 1);

/** A cluster of two workers at rest. */
export function freshPlace(): Place {
  const cluster = Cluster.create({ seed: 'tools', startTime: START, preset: 'default', nodes: 2 });
  cluster.simulation.runUntil('stable');
  return placeOf(cluster);
}

/** Tools as somebody calls them. */
export class Caller {
  main = freshPlace();
  readonly clusters = new Clusters({ main: () => this.main, reset: () => void (this.main = freshPlace()) });

  async call(name: string, input: object = {}, token: CancellationToken = CancellationToken.None): Promise<ToolAnswer> {
    const tool = toolOf(name);
    if (tool === undefined) throw new Error(`no tool ${name}`);
    return tool.call({ clusters: this.clusters, judge, token }, input);
  }

  /** The text of an answer that must be none of an error. */
  async text(name: string, input: object = {}): Promise<string> {
    const { text, isError } = await this.call(name, input);
    if (isError) throw new Error(text);
    return text;
  }
}

export function deployment(name: string, more = ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: app
          image: nginx:1.29
${more}`;
}

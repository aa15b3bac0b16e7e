// What a person reads of a cluster with kubectl: tables, conditions, single fields, what a container says.
import type { Pod } from '../../../src/api/schema/types/core/v1.ts';
import { PODS } from '../../../src/api/schema/resources.ts';
import { milliValue, value } from '../../../src/apimachinery/quantity/quantity.ts';
import { createRestHost } from '../../../src/host/http/restHost.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { ask, pathOf, resourceOf } from './requests.ts';
import type { Timeline } from './timeline.ts';

interface TableBody {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly {
    readonly cells: readonly (string | number | boolean | null)[];
    readonly object: { readonly metadata: { readonly resourceVersion: string; readonly namespace?: string } };
  }[];
}

interface Conditioned {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

/** `pods`, `pods -o wide`, `deployments -n shop`, `pods -A`, `pods -l app=web`: the table that kubectl prints. Events go by time. */
export function tableOf(cluster: Cluster, timeline: Timeline, text: string): readonly string[] {
  const words = text.split(' ');
  const option = (name: string): string | undefined => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const all = words.includes('-A');
  const resource = resourceOf(cluster, words[0] ?? '');
  const selector = option('-l');
  const url = `${pathOf(resource, all ? undefined : (option('-n') ?? 'default'))}${selector === undefined ? '' : `?labelSelector=${encodeURIComponent(selector)}`}`;
  const { code, body } = ask(cluster, 'GET', url, '', { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
  if (code !== 200) return [body];
  const { columnDefinitions, rows } = JSON.parse(body) as TableBody;
  const shown = columnDefinitions.map(({ priority }) => priority === 0 || option('-o') === 'wide');
  const lines = rows.map(({ cells, object }) => ({
    version: Number(object.metadata.resourceVersion),
    cells: [...(all ? [object.metadata.namespace ?? ''] : []), ...cells.filter((_, index) => shown[index])].map((cell) =>
      timeline.alias(cell === null ? '<none>' : String(cell)),
    ),
  }));
  if (lines.length === 0) return ['No resources found.'];
  const sorted = lines.toSorted((a, b) =>
    resource.plural === 'events' ? a.version - b.version : a.cells.join(' ').localeCompare(b.cells.join(' '), 'en', { numeric: true }),
  );
  const header = [...(all ? ['Namespace'] : []), ...columnDefinitions.filter((_, index) => shown[index]).map(({ name }) => name)];
  return padded([header.map((name) => name.toUpperCase()), ...sorted.map(({ cells }) => cells)]);
}

/** `deployments/web`: a line for each condition. */
export function conditionsOf(cluster: Cluster, timeline: Timeline, text: string): readonly string[] {
  const { status } = objectOf(cluster, timeline, text) as Conditioned;
  return (status?.conditions ?? []).map(({ type, status: value, reason, message }) => {
    const why = [reason === undefined ? '' : ` ${reason}`, message === undefined ? '' : `: ${timeline.alias(message)}`].join('');
    return `${type}=${value}${why}`;
  });
}

/** `pods/web-1 .status.qosClass`: what stands there, as JSON. */
export function fieldOf(cluster: Cluster, timeline: Timeline, text: string): string {
  const [name = '', path = ''] = text.split(' ');
  let value: unknown = objectOf(cluster, timeline, name);
  for (const member of path.split('.').slice(1)) value = (value as Readonly<Record<string, unknown>> | undefined)?.[member];
  return `${text}: ${value === undefined ? '<none>' : timeline.alias(JSON.stringify(value))}`;
}

/** What a command in a container writes, and its code where that is not 0. */
export function execIn(
  cluster: Cluster,
  timeline: Timeline,
  { pod, container, command }: { readonly pod: string; readonly container?: string; readonly command: readonly string[] },
): readonly string[] {
  const object = objectOf(cluster, timeline, `pods/${pod}`) as Pod;
  const server = cluster.kubelets.serve({ token: () => 'token', onAdvance: () => ({ dispose: () => undefined }) });
  const name = container ?? object.spec?.containers[0]?.name ?? '';
  const begin = server.exec(object, name, { command, stdin: false, tty: false });
  if (typeof begin === 'string') return [begin];
  const decoder = new TextDecoder();
  let written = '';
  const write = (bytes: Uint8Array): void => void (written += decoder.decode(bytes));
  const running = begin({ out: write, err: write });
  running.run();
  const lines = timeline.alias(written).trimEnd().split('\n');
  return running.exitCode === 0 ? lines : [...lines, `command terminated with exit code ${running.exitCode ?? 'none'}`];
}

interface Metrics {
  readonly metadata: { readonly name: string };
  readonly usage?: Usage;
  readonly containers?: readonly { readonly usage: Usage }[];
}

interface Usage {
  readonly cpu: string;
  readonly memory: string;
}

/** CPU in thousandths, memory in MiB, as `kubectl top` adds them up. */
export function usageOf(cluster: Cluster, timeline: Timeline, what: 'nodes' | 'pods'): readonly string[] {
  const host = createRestHost({ api: cluster.api, adminToken: 'token', kubelets: cluster.kubelets });
  const url = `/apis/metrics.k8s.io/v1beta1/${what === 'pods' ? 'namespaces/default/pods' : 'nodes'}`;
  const { body } = ask(cluster, 'GET', url, '', {}, host);
  const rows = (JSON.parse(body) as { readonly items: readonly Metrics[] }).items.map(({ metadata, usage, containers }) => {
    const all = usage === undefined ? (containers ?? []).map((container) => container.usage) : [usage];
    const cpu = all.reduce((sum, one) => sum + milliValue(one.cpu), 0);
    const memory = all.reduce((sum, one) => sum + value(one.memory), 0);
    return [timeline.alias(metadata.name), `${cpu}m`, `${Math.floor(memory / 2 ** 20)}Mi`];
  });
  return padded([
    ['NAME', 'CPU(cores)', 'MEMORY(bytes)'],
    ...rows.toSorted(([a = ''], [b = '']) => a.localeCompare(b, 'en', { numeric: true })),
  ]);
}

export function logOf(
  cluster: Cluster,
  timeline: Timeline,
  { pod, container, previous }: { readonly pod: string; readonly container?: string; readonly previous?: boolean },
): readonly string[] {
  const object = objectOf(cluster, timeline, `pods/${pod}`) as Pod;
  const server = cluster.kubelets.serve({ token: () => 'token', onAdvance: () => ({ dispose: () => undefined }) });
  const reader = server.logs(object, container ?? object.spec?.containers[0]?.name ?? '', {
    previous: previous === true,
    timestamps: false,
  });
  return typeof reader === 'string' ? [reader] : reader.read().trimEnd().split('\n');
}

export function objectOf(cluster: Cluster, timeline: Timeline, text: string): unknown {
  const [plural = '', name = '', namespace = 'default'] = text.split('/');
  const resource = resourceOf(cluster, plural);
  const real = resource.plural === PODS.plural ? timeline.realName(name) : name;
  const { code, body } = ask(cluster, 'GET', `${pathOf(resource, namespace)}/${real}`);
  if (code !== 200) throw new Error(`${text}: ${body}`);
  return JSON.parse(body);
}

function padded(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
      .join('')
      .trimEnd(),
  );
}

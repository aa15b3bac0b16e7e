// What a person would have seen on a timeline of the cluster: one line per visible change of a Pod or Node.
import type { Node, Pod } from '../../../src/api/schema/types/core/v1.ts';
import type { Revision } from '../../../src/apiserver/storage/revision.ts';

/** Collects lines from revisions; generated names are replaced by the order in which they appeared. */
export class Timeline {
  readonly lines: string[] = [];
  private readonly origin: number;
  private readonly names = new Map<string, string>();

  constructor(originMs: number) {
    this.origin = originMs;
  }

  note(atMs: number, text: string): void {
    this.lines.push(`${this.clock(atMs)}  ${text}`);
  }

  see({ resource, type, object, previous, at }: Revision): void {
    if (resource === 'pods') this.seePod(at, type, object as Pod, previous as Pod | undefined);
    else if (resource === 'nodes') this.seeNode(at, type, object as Node, previous as Node | undefined);
  }

  private seePod(at: number, type: Revision['type'], pod: Pod, previous: Pod | undefined): void {
    const name = `pod ${this.nameOf(pod)}`;
    if (type === 'ADDED') this.note(at, `${name} created`);
    if (type === 'DELETED') {
      this.note(at, `${name} gone`);
      return;
    }
    const changes: string[] = [];
    if (pod.spec?.nodeName !== previous?.spec?.nodeName) changes.push(`bound to ${pod.spec?.nodeName ?? ''}`);
    if (pod.status?.phase !== previous?.status?.phase && pod.status?.phase !== 'Pending') changes.push(pod.status?.phase ?? '');
    const [ready, before] = [readyOf(pod.status?.conditions), readyOf(previous?.status?.conditions)];
    if (ready !== before && (ready === 'True' || before === 'True')) changes.push(ready === 'True' ? 'ready' : 'not ready');
    const disrupted = pod.status?.conditions?.find((condition) => condition.type === 'DisruptionTarget');
    if (disrupted !== undefined && previous?.status?.conditions?.some((condition) => condition.type === 'DisruptionTarget') !== true) {
      changes.push(`disrupted by ${disrupted.reason ?? ''}`);
    }
    if (pod.metadata.deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined) changes.push('Terminating');
    if (changes.length > 0) this.note(at, `${name} ${changes.join(', ')}`);
  }

  private seeNode(at: number, type: Revision['type'], node: Node, previous: Node | undefined): void {
    const name = `node ${node.metadata.name ?? ''}`;
    if (type !== 'MODIFIED') this.note(at, `${name} ${type === 'ADDED' ? 'created' : 'gone'}`);
    const changes: string[] = [];
    const [ready, before] = [readyOf(node.status?.conditions), readyOf(previous?.status?.conditions)];
    if (ready !== before) changes.push(`Ready is ${ready ?? 'unsaid'}`);
    const [taints, old] = [taintsOf(node), taintsOf(previous)];
    for (const taint of taints) if (!old.includes(taint)) changes.push(`+${taint}`);
    for (const taint of old) if (!taints.includes(taint)) changes.push(`-${taint}`);
    if (changes.length > 0) this.note(at, `${name} ${changes.join(', ')}`);
  }

  /** `web-7d9c-x2b4k` becomes `web-1`, `web-2` …: by owner, in the order of creation. */
  private nameOf({ metadata }: Pod): string {
    const { name = '', uid = '', generateName } = metadata;
    if (generateName === undefined) return name;
    let short = this.names.get(uid);
    if (short === undefined) {
      const base = (metadata.labels?.['app'] ?? generateName).replace(/-$/, '');
      const count = [...this.names.values()].filter((other) => other.startsWith(`${base}-`)).length;
      this.names.set(uid, (short = `${base}-${count + 1}`));
    }
    return short;
  }

  private clock(atMs: number): string {
    const seconds = (atMs - this.origin) / 1000;
    const minutes = Math.floor(seconds / 60);
    return `${String(minutes).padStart(3)}:${(seconds - minutes * 60).toFixed(1).padStart(4, '0')}`;
  }
}

function readyOf(conditions: readonly { readonly type: string; readonly status: string }[] | undefined): string | undefined {
  return conditions?.find(({ type }) => type === 'Ready')?.status;
}

function taintsOf(node: Node | undefined): readonly string[] {
  return (node?.spec?.taints ?? []).map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`);
}

/**
 * The control plane's parts and how they are: which run, which are stopped by a Fault, which wait for another.
 * Invariant: follows from the objects of the moment that is shown; programs of many nodes are one part.
 * Counterpart: `kubectl get componentstatuses`, which Kubernetes has given up, and what an operator's dashboard shows instead.
 */
import { isActive } from '../../../api/kubepad/fault/match.ts';
import { FAULTS, NODEPOOLS, type Fault, type NodePool } from '../../../api/kubepad/types.ts';
import { INGRESS_NGINX } from '../../../api/networking/ingress/claim.ts';
import type { Node } from '../../../api/schema/types/core/v1.ts';
import type { IngressClass } from '../../../api/schema/types/networking/v1.ts';
import { groupResource } from '../../../apimachinery/meta/resource.ts';
import { controllerParts, hasCloud } from '../../../cluster/components.ts';
import type { ClusterOptions } from '../../../cluster/options.ts';
import type { ObjectSource } from '../../projection/groups.ts';
import type { Tone } from '../../protocol/view.ts';
import { stateOf } from '../timeline/states.ts';
import type { PartModel, WayModel } from './model.ts';
import { many } from './place.ts';

export interface ControlPlace {
  readonly source: ObjectSource;
  readonly options: ClusterOptions;
  readonly toggled: readonly string[];
  /** Writes a second by the key of a part. */
  readonly rates: ReadonlyMap<string, number>;
}

/** Nodes whose programs are drawn one by one. */
export const MAX_DRAWN_NODES = 6;
export const CONTROLLERS_KEY = 'controllers';
export const API_SERVER = 'kube-apiserver';
const STORE = 'etcd';
const MANAGER = 'kube-controller-manager';

/** What follows while it is stopped. */
const SYMPTOMS: Readonly<Record<string, string>> = {
  'cloud-controller-manager': 'Services get no balancers, and nobody looks whether machines of the cloud are still there.',
  'cluster-autoscaler': 'No nodes are added or taken away.',
  coredns: 'Names are not resolved: who connects by name fails.',
  etcd: 'The API server has no store: it refuses everything.',
  'ingress-nginx-controller': 'Nothing behind an Ingress is reached.',
  [API_SERVER]: 'Nobody can read or change anything. Containers go on as they are.',
  'kube-controller-manager': 'What fails is not made again, and nothing is scaled, rolled out or cleaned up.',
  'kube-proxy': 'Services lead from there to the Pods of before.',
  'kube-scheduler': 'New Pods stay Pending.',
  kubelet: 'Nobody looks after the containers there, and the node will be NotReady.',
};

export function partsOf(place: ControlPlace): { readonly parts: readonly PartModel[]; readonly ways: readonly WayModel[] } {
  const { source, options } = place;
  const faults = (source.list(groupResource(FAULTS)) as readonly Fault[]).filter(
    (fault) => fault.spec?.type === 'ComponentDown' && isActive(fault),
  );
  const make = new Parts(place, faults);
  make.add({ key: 'user', column: 1, kind: 'Clients', name: 'You and kubectl' });
  make.add({ key: 'world', column: 1, kind: 'Simulator', name: 'Machines and cloud' });
  make.add({ key: 'kube-scheduler', column: 1, kind: 'Program', component: 'kube-scheduler' });
  make.add({ key: MANAGER, column: 1, kind: 'Program', component: MANAGER });
  if (hasCloud(options)) make.add({ key: 'cloud-controller-manager', column: 1, kind: 'Program', component: 'cloud-controller-manager' });
  if ((source.list(groupResource(NODEPOOLS)) as readonly NodePool[]).some(({ spec }) => spec?.max !== undefined))
    make.add({ key: 'cluster-autoscaler', column: 1, kind: 'Program', component: 'cluster-autoscaler' });
  make.add({ key: API_SERVER, column: 2, kind: 'Program', component: API_SERVER });
  make.add({ key: STORE, column: 3, kind: 'Store', component: STORE });
  make.add({ key: 'coredns', column: 4, kind: 'Add-on', component: 'coredns' });
  const classes = source.list('ingressclasses.networking.k8s.io') as readonly IngressClass[];
  if (classes.some(({ spec }) => spec?.controller === INGRESS_NGINX))
    make.add({ key: 'ingress-nginx-controller', column: 4, kind: 'Add-on', component: 'ingress-nginx-controller' });
  make.controllers();
  make.nodes(source.list('nodes') as readonly Node[]);
  return { parts: make.parts, ways: make.ways() };
}

type New = Pick<PartModel, 'key' | 'column' | 'kind'> & Partial<PartModel>;

class Parts {
  readonly parts: PartModel[] = [];
  private readonly place: ControlPlace;
  /** By component, and its node where it is one of a node. */
  private readonly faults = new Map<string, Fault[]>();
  private readonly isDown: boolean;

  constructor(place: ControlPlace, faults: readonly Fault[]) {
    this.place = place;
    for (const fault of faults) {
      const { component = '', node } = fault.spec?.target ?? {};
      const key = node === undefined ? component : `${component} ${node}`;
      this.faults.set(key, [...(this.faults.get(key) ?? []), fault]);
    }
    this.isDown = this.faults.has(API_SERVER) || this.faults.has(STORE);
  }

  add(part: New): PartModel {
    const { key, component, node } = part;
    const own = component === undefined ? [] : (this.faults.get(node === undefined ? component : `${component} ${node}`) ?? []);
    const perSecond = this.rateOf(key);
    const whole: PartModel = {
      name: key,
      perSecond,
      expanded: undefined,
      parent: undefined,
      component: undefined,
      node: undefined,
      ...this.stateOf(component, own, perSecond),
      ...part,
      faults: own.map(({ metadata }) => metadata.name ?? ''),
    };
    this.parts.push(whole);
    return whole;
  }

  /** All pass the API server to the store, and controllers their program. */
  private rateOf(key: string): number {
    const { rates, options } = this.place;
    const own = rates.get(key) ?? 0;
    if (key === API_SERVER || key === STORE) return twoDigits([...rates.values()].reduce((sum, rate) => sum + rate, 0));
    if (key === MANAGER) return twoDigits(controllerParts(options).reduce((sum, { name }) => sum + (rates.get(name) ?? 0), own));
    return own;
  }

  private stateOf(component: string | undefined, own: readonly Fault[], perSecond: number): Pick<PartModel, 'tone' | 'status' | 'why'> {
    if (own.length > 0) {
      const ends =
        own
          .map(({ status }) => status?.endsAt ?? '')
          .toSorted()
          .at(-1) ?? '';
      const why = SYMPTOMS[component ?? ''] ?? 'Its work is left undone.';
      return { tone: 'error', status: ends === '' ? 'stopped' : 'stopped for a while', why };
    }
    if (component === API_SERVER && this.faults.has(STORE))
      return { tone: 'warn', status: 'refuses all', why: 'It has no etcd behind it.' };
    // Containers and rules go on, and etcd needs nobody.
    const needsApi = component !== undefined && ![STORE, 'coredns', 'kube-proxy', API_SERVER].includes(component);
    if (this.isDown && needsApi) return { tone: 'warn', status: 'waits', why: 'It reaches no API server.' };
    return { tone: component === undefined ? 'info' : 'ok', status: perSecond === 0 ? 'at rest' : 'at work', why: '' };
  }

  /** Open: those that act or are stopped, and how many rest. */
  controllers(): void {
    const { options, rates, toggled } = this.place;
    const all = controllerParts(options);
    const open = toggled.includes(CONTROLLERS_KEY);
    const isLively = (name: string): boolean => (rates.get(name) ?? 0) > 0 || this.faults.has(name);
    const lively = all.filter(({ name }) => isLively(name));
    const stopped = all.filter(({ name }) => this.faults.has(name)).length;
    this.add({
      key: CONTROLLERS_KEY,
      column: 0,
      kind: 'Loops',
      name: 'Controllers',
      tone: stopped > 0 ? 'error' : 'ok',
      status: `${lively.length - stopped} of ${all.length} act${stopped === 0 ? '' : `, ${stopped} stopped`}`,
      perSecond: open ? 0 : all.reduce((total, { name }) => total + (rates.get(name) ?? 0), 0),
      expanded: open,
    });
    if (!open) return;
    for (const { name, program } of all) {
      const part = this.add({ key: name, column: 0, kind: 'Controller', component: name, parent: CONTROLLERS_KEY });
      if (part.faults.length > 0 || !this.faults.has(program)) continue;
      this.parts[this.parts.length - 1] = { ...part, tone: 'warn', status: 'stopped', why: `${program}, in which it runs, is stopped.` };
    }
  }

  nodes(nodes: readonly Node[]): void {
    if (nodes.length > MAX_DRAWN_NODES) return this.manyNodes(nodes);
    for (const node of nodes) {
      const name = node.metadata.name ?? '';
      const { tone, text } = stateOf('nodes', node);
      const key = `node ${name}`;
      this.add({ key, column: 4, kind: 'Node', name, tone, status: text, expanded: true });
      for (const component of ['kubelet', 'kube-proxy'])
        this.add({ key: `${component} ${name}`, column: 4, kind: 'Program', name: component, component, node: name, parent: key });
    }
  }

  private manyNodes(nodes: readonly Node[]): void {
    const ready = nodes.filter((node) => stateOf('nodes', node).tone !== 'error').length;
    for (const component of ['kubelet', 'kube-proxy']) {
      const stopped = [...this.faults.keys()].filter((key) => key.startsWith(`${component} `)).length;
      const wrong: Tone = stopped > 0 || (component === 'kubelet' && ready < nodes.length) ? 'warn' : 'ok';
      const states = component === 'kubelet' ? `, ${ready} ready` : '';
      this.add({
        key: component,
        column: 4,
        kind: 'Programs',
        name: component,
        tone: wrong,
        status: `on ${many(nodes.length, 'node')}${states}${stopped === 0 ? '' : `, ${stopped} stopped`}`,
      });
    }
  }

  /** All speak with the API server, and only that with etcd. */
  ways(): readonly WayModel[] {
    const keys = new Map(this.parts.map((part) => [part.key, part]));
    return this.parts.flatMap((part): readonly WayModel[] => {
      const { key, column, tone, perSecond, expanded } = part;
      if (expanded === true || key === API_SERVER) return [];
      const api = keys.get(API_SERVER);
      const other = column === 0 ? MANAGER : API_SERVER;
      const [from, to] = column >= 3 ? [API_SERVER, key] : [key, other];
      const isCut = tone === 'error' || api?.tone === 'error';
      return [{ key: `${from} > ${to}`, from, to, tone: isCut ? 'idle' : 'ok', perSecond }];
    });
  }
}

function twoDigits(rate: number): number {
  return Number(rate.toPrecision(2));
}

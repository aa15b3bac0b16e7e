/** Quick picks of the objects that the cluster holds, for commands that were called without one. */
import * as vscode from 'vscode';
import { requests } from '../../host/protocol/protocol.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import type { Services } from '../services.ts';

/** Which nodes a command is for, and what to say when there is none of them. */
export interface NodeChoice {
  readonly fits: (node: NodeLike) => boolean;
  readonly none: string;
}

export interface NodeLike {
  readonly metadata: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Workers come first: they have the Pods. */
export async function pickNode(services: Services, title: string, { fits, none }: NodeChoice): Promise<ObjectRef | undefined> {
  const nodes = ((await objectsOf(services, node)) as readonly NodeLike[]).filter(fits);
  if (nodes.length === 0) {
    void vscode.window.showInformationMessage(`Kubepad: ${none}`);
    return undefined;
  }
  const items = nodes.map((each) => {
    const { name = '' } = each.metadata;
    const ready = each.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
    const cordoned = each.spec?.unschedulable === true ? ', cordoned' : '';
    const last = isControlPlane(each);
    const ref: ObjectRef = { ...node, namespace: '', name };
    return { label: name, description: `${last ? 'control plane, ' : ''}${ready ? 'Ready' : 'NotReady'}${cordoned}`, last, ref };
  });
  const sorted = items.toSorted((a, b) => Number(a.last) - Number(b.last));
  const choice = await vscode.window.showQuickPick(sorted, {
    title: `Kubepad: ${title}`,
    placeHolder: 'Choose a node',
    matchOnDescription: true,
  });
  return choice?.ref;
}

function isControlPlane({ metadata }: NodeLike): boolean {
  return metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined;
}

export function pickPod(services: Services, title: string): Promise<ObjectRef | undefined> {
  return pick(services, title, [pod], 'Choose a Pod');
}

export function pickObject(services: Services, title: string): Promise<ObjectRef | undefined> {
  return pick(services, title, [deployment, pod, service, node, configMap], 'Choose an object');
}

/** What the map is asked for by its name. */
export function pickOnMap(services: Services, title: string): Promise<ObjectRef | undefined> {
  return pick(services, title, [ingress, service, deployment, node], 'Choose an object');
}

/** Which container of a Pod; no container means that the Pod has only one, no answer that nothing was chosen. */
export async function pickContainer(
  { host }: Services,
  ref: ObjectRef,
  title: string,
): Promise<{ readonly container: string | undefined } | undefined> {
  const answer = await host.request(requests.objectGet, ref);
  const { spec } = (answer.ok ? answer.value : {}) as PodLike;
  const names = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map(({ name }) => name);
  // A Pod that is not there is refused by the next request, in the API server's words.
  if (names.length < 2) return { container: undefined };
  const container = await vscode.window.showQuickPick(names, { title: `Kubepad: ${title}`, placeHolder: 'Choose a container' });
  return container === undefined ? undefined : { container };
}

interface PodLike {
  readonly spec?: {
    readonly containers?: readonly { readonly name: string }[];
    readonly initContainers?: readonly { readonly name: string }[];
  };
}

export type Kind = Pick<ObjectRef, 'apiVersion' | 'kind'>;

const node: Kind = { apiVersion: 'v1', kind: 'Node' };
const pod: Kind = { apiVersion: 'v1', kind: 'Pod' };
const service: Kind = { apiVersion: 'v1', kind: 'Service' };
const ingress: Kind = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' };
const configMap: Kind = { apiVersion: 'v1', kind: 'ConfigMap' };
const deployment: Kind = { apiVersion: 'apps/v1', kind: 'Deployment' };

export async function pick(services: Services, title: string, kinds: readonly Kind[], placeHolder: string): Promise<ObjectRef | undefined> {
  const items = (await Promise.all(kinds.map((kind) => itemsOf(services, kind)))).flat();
  if (items.length === 0) {
    void vscode.window.showInformationMessage('Kubepad: the cluster has no Pods yet. Apply a manifest first.');
    return undefined;
  }
  const choice = await vscode.window.showQuickPick(items, { title: `Kubepad: ${title}`, placeHolder, matchOnDescription: true });
  return choice?.ref;
}

async function itemsOf(services: Services, kind: Kind) {
  const objects = await objectsOf(services, kind);
  return objects.map(({ metadata }) => {
    const namespace = metadata.namespace ?? '';
    const ref: ObjectRef = { ...kind, namespace, name: metadata.name ?? '' };
    return { label: ref.name, description: namespace === '' ? kind.kind : `${kind.kind} in ${namespace}`, ref };
  });
}

export async function objectsOf({ host }: Services, { apiVersion, kind }: Kind) {
  const answer = await host.request(requests.objectList, { apiVersion, kind, namespace: undefined, labelSelector: '' });
  if (!answer.ok) throw new Error(answer.status.message ?? `${kind} objects could not be listed.`);
  return answer.value;
}

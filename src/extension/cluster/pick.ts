/** Quick picks of the objects that the cluster holds, for commands that were called without one. */
import * as vscode from 'vscode';
import { requests } from '../../host/protocol.ts';
import type { ObjectRef } from '../../host/viewProtocol.ts';
import type { Services } from '../services.ts';

export function pickNode(services: Services, title: string): Promise<ObjectRef | undefined> {
  return pick(services, title, [node], 'Choose a node');
}

export function pickPod(services: Services, title: string): Promise<ObjectRef | undefined> {
  return pick(services, title, [pod], 'Choose a Pod');
}

export function pickObject(services: Services, title: string): Promise<ObjectRef | undefined> {
  return pick(services, title, [deployment, pod, service, node, configMap], 'Choose an object');
}

type Kind = Pick<ObjectRef, 'apiVersion' | 'kind'>;

const node: Kind = { apiVersion: 'v1', kind: 'Node' };
const pod: Kind = { apiVersion: 'v1', kind: 'Pod' };
const service: Kind = { apiVersion: 'v1', kind: 'Service' };
const configMap: Kind = { apiVersion: 'v1', kind: 'ConfigMap' };
const deployment: Kind = { apiVersion: 'apps/v1', kind: 'Deployment' };

async function pick(services: Services, title: string, kinds: readonly Kind[], placeHolder: string): Promise<ObjectRef | undefined> {
  const items = Promise.all(kinds.map((kind) => itemsOf(services, kind))).then((lists) => lists.flat());
  const choice = await vscode.window.showQuickPick(items, { title: `Kubepad: ${title}`, placeHolder, matchOnDescription: true });
  return choice?.ref;
}

async function itemsOf({ host }: Services, { apiVersion, kind }: Kind) {
  const answer = await host.request(requests.objectList, { apiVersion, kind, namespace: undefined, labelSelector: '' });
  if (!answer.ok) throw new Error(answer.status.message ?? `${kind} objects could not be listed.`);
  return answer.value.map(({ metadata }) => {
    const namespace = metadata.namespace ?? '';
    const ref: ObjectRef = { apiVersion, kind, namespace, name: metadata.name ?? '' };
    return { label: ref.name, description: namespace === '' ? kind : `${kind} in ${namespace}`, ref };
  });
}

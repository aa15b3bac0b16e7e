/**
 * Makes things go wrong and well again: each is a Fault object, made or deleted through the API.
 * Invariant: what is wrong is read from the cluster each time; nothing is remembered here.
 */
import * as vscode from 'vscode';
import type { JsonObject } from '../../base/json.ts';
import type { FaultSummary } from '../../host/protocol/fault.ts';
import { requests } from '../../host/protocol/protocol.ts';
import type { Fault, FaultSpec, ObjectRef } from '../../host/protocol/view.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { DURATIONS, faultChoices, generateName, type Aim } from './faultChoices.ts';
import { objectsOf, pick, pickNode, type Kind, type NodeLike } from './pick.ts';
import { tellRefusal } from './refusal.ts';
import type { Target } from './target.ts';

const FAULT: Kind = { apiVersion: 'kubepad.dev/v1', kind: 'Fault' };
const COMPONENT: Kind = { apiVersion: 'kubepad.dev/v1', kind: 'Component' };
/** Nothing in the API stands for a zone; its name is one of a label. */
const ZONE: Kind = { apiVersion: 'kubepad.dev/v1', kind: 'Zone' };
const COMPONENTS = ['kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'coredns'];
const ANNOTATION = 'kubepad.dev/fault';
const ZONE_LABEL = 'topology.kubernetes.io/zone';

type Picker = (services: Services, title: string) => Promise<ObjectRef | undefined>;

export interface Faults {
  readonly pickUp: Picker;
  readonly pickFailed: Picker;
  readonly pickTarget: Picker;
  readonly pickFault: Picker;
  fail(node: ObjectRef): Promise<void>;
  recover(node: ObjectRef): Promise<void>;
  /** Asks what is to go wrong and for how long. */
  choose(target: Target): Promise<void>;
  end(fault: ObjectRef): Promise<void>;
  /** Says what a fault did that is over. */
  tellOver(fault: FaultSummary): Promise<void>;
  /** Stops a part of the cluster until the fault is ended. @param node where it is a program of a node */
  stop(component: string, node: string | undefined): Promise<void>;
}

export function createFaults(services: Services): Faults {
  const { host } = services;
  const create = async (spec: FaultSpec, name: string): Promise<void> => {
    const object = { ...FAULT, metadata: { generateName: generateName(spec, name) }, spec: spec as unknown as JsonObject };
    tellRefusal(await host.request(requests.objectCreate, { object, namespace: '' }));
  };
  const end = async (ref: ObjectRef): Promise<void> =>
    tellRefusal(await host.request(requests.objectDelete, { ref, gracePeriodSeconds: undefined, propagationPolicy: undefined }));
  const nodesDown = async (): Promise<ReadonlySet<string>> =>
    new Set((await failures(services)).map(({ spec }) => spec?.target?.node ?? ''));
  return {
    pickUp: async (_, title) => {
      const down = await nodesDown();
      return pickNode(services, title, { fits: (node) => !isDown(node, down), none: 'Every node has failed already. Recover one first.' });
    },
    pickFailed: async (_, title) => {
      const down = await nodesDown();
      return pickNode(services, title, { fits: (node) => isDown(node, down), none: 'No node has failed.' });
    },
    pickTarget: (_, title) => pickTarget(services, title),
    pickFault: (_, title) => pick(services, title, [FAULT], 'Choose a fault'),
    fail: ({ name }) => create({ type: 'NodeDown', target: { node: name } }, name),
    async recover(ref) {
      for (const { metadata, spec } of await failures(services))
        if (spec?.target?.node === ref.name) await end({ ...FAULT, namespace: '', name: metadata.name ?? '' });
      const answer = await host.request(requests.objectGet, ref);
      if (!answer.ok || answer.value.metadata.annotations?.[ANNOTATION] === undefined) return;
      const patch = { metadata: { annotations: { [ANNOTATION]: null } } };
      tellRefusal(await host.request(requests.objectPatch, { ref, type: 'merge', patch, subresource: '' }));
    },
    async choose({ ref, container }) {
      const title = `Kubepad: Fault on ${ref.name}`;
      const choice = await vscode.window.showQuickPick(faultChoices(await aimOf(services, ref, container)), {
        title,
        placeHolder: 'What goes wrong?',
      });
      if (choice === undefined) return;
      const length = await vscode.window.showQuickPick(DURATIONS, { title, placeHolder: 'For how long of the cluster’s time?' });
      if (length === undefined) return;
      await create({ ...choice.spec, ...(length.duration === undefined ? {} : { duration: length.duration }) }, ref.name);
    },
    end,
    async tellOver({ ref, type, text }) {
      const choice = await vscode.window.showInformationMessage(
        `Kubepad: ${type} ${ref.name} is over. ${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
        'Show Report',
      );
      if (choice !== undefined) await vscode.commands.executeCommand(commands.faultReport, { ref });
    },
    stop: (component, node) =>
      create(
        { type: 'ComponentDown', target: { component, ...(node === undefined ? {} : { node }) } },
        node === undefined ? component : `${component}-${node}`,
      ),
  };
}

function isDown({ metadata }: NodeLike, down: ReadonlySet<string>): boolean {
  return down.has(metadata.name ?? '') || metadata.annotations?.[ANNOTATION] !== undefined;
}

/** The faults by which single machines are off. */
async function failures(services: Services): Promise<readonly Fault[]> {
  const faults = (await objectsOf(services, FAULT)) as readonly Fault[];
  return faults.filter(({ spec, status }) => (spec?.type === 'NodeDown' || spec?.type === 'NodeShutdown') && status?.phase !== 'Ended');
}

interface Containers {
  readonly containers?: readonly { readonly name: string; readonly image?: string }[];
}

/** The parts of the control plane first: nothing in the tree stands for them. */
async function pickTarget(services: Services, title: string): Promise<ObjectRef | undefined> {
  const kinds: readonly Kind[] = [
    { apiVersion: 'v1', kind: 'Node' },
    { apiVersion: 'apps/v1', kind: 'Deployment' },
    { apiVersion: 'v1', kind: 'Pod' },
  ];
  const lists = await Promise.all(
    kinds.map(async (kind) =>
      (await objectsOf(services, kind)).map(({ metadata }): ObjectRef => ({
        ...kind,
        namespace: metadata.namespace ?? '',
        name: metadata.name ?? '',
      })),
    ),
  );
  const [nodes = []] = lists;
  const refs = [
    ...COMPONENTS.map((name): ObjectRef => ({ ...COMPONENT, namespace: '', name })),
    ...(await zonesOf(services)).map((name): ObjectRef => ({ ...ZONE, namespace: '', name })),
    ...nodes,
    ...lists.slice(1).flat(),
  ];
  const items = refs.map((ref) => ({
    label: ref.name,
    description: ref.namespace === '' ? ref.kind : `${ref.kind} in ${ref.namespace}`,
    ref,
  }));
  const choice = await vscode.window.showQuickPick(items, { title: `Kubepad: ${title}`, placeHolder: 'Where?', matchOnDescription: true });
  return choice?.ref;
}

async function zonesOf(services: Services): Promise<readonly string[]> {
  const nodes = (await objectsOf(services, { apiVersion: 'v1', kind: 'Node' })) as readonly NodeLike[];
  return [...new Set(nodes.flatMap(({ metadata }) => metadata.labels?.[ZONE_LABEL] ?? []))].sort();
}

async function aimOf({ host }: Services, ref: ObjectRef, container: string | undefined): Promise<Aim> {
  const { kind, namespace, name } = ref;
  if (kind === 'Component' || kind === 'Zone' || kind === 'Namespace') return { kind, namespace, name };
  const answer = await host.request(requests.objectGet, ref);
  if (!answer.ok) throw new Error(answer.status.message ?? `${kind} ${name} could not be read.`);
  if (kind === 'Node') return { kind, namespace, name, zone: answer.value.metadata.labels?.[ZONE_LABEL] };
  const { labels } = answer.value.metadata;
  const { spec = {} } = answer.value as {
    readonly spec?: Containers & { readonly selector?: object; readonly template?: { readonly spec?: Containers } };
  };
  const own = (kind === 'Pod' ? spec.containers : spec.template?.spec?.containers) ?? [];
  const images = [...new Set(own.filter((each) => container === undefined || each.name === container).flatMap(({ image }) => image ?? []))];
  // Parts of the control plane that run as Pods.
  const component =
    namespace === 'kube-system' ? COMPONENTS.find((each) => each === (labels?.['component'] ?? '') || name.startsWith(each)) : undefined;
  if (kind === 'Pod') return { kind, namespace, name, container, images, component };
  const { selector } = spec;
  // The one kind whose selector is nothing but labels.
  return {
    kind,
    namespace,
    name,
    images,
    component,
    selector: kind === 'ReplicationController' ? { matchLabels: { ...selector } } : selector,
  };
}

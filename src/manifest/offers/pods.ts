/** What may stand within a Pod: its own volumes, ports and containers, images that are in use, nodes, what a downward field can say. */
import { hitsOf, textAt, valueAt } from '../references/fieldPattern.ts';
import { POD_TEMPLATES, podSpecAt } from '../references/podTemplates.ts';
import { found, objectsOf, unique, type Offer } from './objects.ts';
import type { OfferPlace } from './offers.ts';
import { portOffers, selectedPodSpecs } from './ports.ts';

const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'] as const;
const IN_CONTAINER = /^(?:containers|initContainers|ephemeralContainers)\[\]\./;

/** What `fieldRef` may say, and what the variable or the file then holds. */
const DOWNWARD: Readonly<Record<string, string>> = {
  'metadata.name': "the Pod's name",
  'metadata.namespace': "the Pod's namespace",
  'metadata.uid': "the Pod's UID",
  "metadata.labels['app']": 'one label',
  "metadata.annotations['note']": 'one annotation',
  'spec.nodeName': 'the node that it runs on',
  'spec.serviceAccountName': 'the account that it acts as',
  'status.hostIP': "the node's address",
  'status.hostIPs': "the node's addresses",
  'status.podIP': "the Pod's address",
  'status.podIPs': "the Pod's addresses",
};

const RESOURCES = [
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
];

const CAPABILITIES: readonly string[] = [
  ...['ALL', 'NET_BIND_SERVICE', 'NET_ADMIN', 'NET_RAW', 'SYS_ADMIN', 'SYS_PTRACE', 'SYS_TIME', 'SYS_RESOURCE', 'SYS_NICE', 'SYS_CHROOT'],
  ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'SETFCAP', 'MKNOD', 'AUDIT_WRITE', 'IPC_LOCK'],
];

export function podOffers(place: OfferPlace): readonly Offer[] | undefined {
  if (place.kind === 'v1/Service' && place.pattern === 'spec.ports[].targetPort' && !place.isKey)
    return portOffers(selectedPodSpecs(place), true);
  const at = podSpecAt(place.kind);
  if (at === undefined || !place.pattern.startsWith(`${at}.`)) return undefined;
  const rest = place.pattern.slice(at.length + 1);
  const depth = at.split('.').length;
  const spec = found(place.object, place.names.slice(0, depth));
  if (!IN_CONTAINER.test(rest)) return place.isKey ? undefined : ofSpec(place, rest);
  const container = found(place.object, place.names.slice(0, depth + 2));
  return ofContainer(place, rest.replace(IN_CONTAINER, ''), spec, container);
}

function ofSpec(place: OfferPlace, rest: string): readonly Offer[] | undefined {
  if (rest === 'nodeName') return namesOfNodes(place);
  if (rest === 'tolerations[].key') return taintKeys(place);
  if (rest.endsWith('.fieldRef.fieldPath')) return texts(DOWNWARD);
  if (rest === 'volumes[].image.reference') return imageOffers(place);
  return undefined;
}

function ofContainer(place: OfferPlace, rest: string, spec: unknown, container: unknown): readonly Offer[] | undefined {
  if (place.isKey) return rest === 'resources.limits' || rest === 'resources.requests' ? resourceOffers(place) : undefined;
  if (rest === 'image') return imageOffers(place);
  if (rest === 'volumeMounts[].name' || rest === 'volumeDevices[].name') return volumeOffers(place, spec);
  if (/^(?:\w+Probe|lifecycle\.\w+)\.(?:httpGet|tcpSocket)\.port$/.test(rest)) return portOffers([{ containers: [container] }], true);
  if (/^\w+Probe\.grpc\.port$/.test(rest)) return portOffers([{ containers: [container] }], false);
  if (rest.endsWith('.fieldRef.fieldPath')) return texts(DOWNWARD);
  if (rest.endsWith('.resourceFieldRef.resource')) return RESOURCES.map((value) => ({ value, detail: '' }));
  if (rest.endsWith('.resourceFieldRef.containerName')) return named(spec, 'containers[].name', 'container');
  if (rest === 'resources.claims[].name') return named(spec, 'resourceClaims[].name', 'claim');
  if (/^securityContext\.capabilities\.(?:add|drop)\[\]$/.test(rest)) return CAPABILITIES.map((value) => ({ value, detail: 'capability' }));
  return undefined;
}

function texts(table: Readonly<Record<string, string>>): readonly Offer[] {
  return Object.entries(table).map(([value, detail]) => ({ value, detail }));
}

function named(root: unknown, pattern: string, detail: string): readonly Offer[] {
  return unique(hitsOf(root, pattern).map(({ value }) => ({ value: String(value), detail })));
}

function volumeOffers({ object }: OfferPlace, spec: unknown): readonly Offer[] {
  return unique([
    ...named(spec, 'volumes[].name', 'volume'),
    ...named(object, 'spec.volumeClaimTemplates[].metadata.name', 'claim template'),
  ]);
}

function namesOfNodes({ world }: OfferPlace): readonly Offer[] {
  return unique(objectsOf(world, 'v1/Node', '').map((node) => ({ value: textAt(node, 'metadata.name'), detail: 'Node' })));
}

function taintKeys({ world }: OfferPlace): readonly Offer[] {
  const taints = objectsOf(world, 'v1/Node', '').flatMap((node) =>
    hitsOf(node, 'spec.taints[]').map(({ value }) => ({ value: textAt(value, 'key'), detail: textAt(value, 'effect') })),
  );
  const own = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((value) => ({ value, detail: 'NoExecute' }));
  return unique([...taints, ...own]);
}

/** What the nodes have: devices too. */
function resourceOffers({ world }: OfferPlace): readonly Offer[] {
  const onNodes = objectsOf(world, 'v1/Node', '').flatMap((node) =>
    Object.keys((valueAt(node, 'status.allocatable') as object | undefined) ?? {}),
  );
  return unique(
    ['cpu', 'memory', 'ephemeral-storage', ...onNodes].filter((name) => name !== 'pods').map((value) => ({ value, detail: 'resource' })),
  );
}

/** Images that workloads of the workspace and the cluster run, and those that the workspace's registries hold. */
function imageOffers({ world }: OfferPlace): readonly Offer[] {
  const used = Object.entries(POD_TEMPLATES).flatMap(([kind, template]) =>
    objectsOf(world, kind, world.namespace).flatMap((object) => {
      const detail = `${kind.slice(kind.lastIndexOf('/') + 1)}/${textAt(object, 'metadata.name')}`;
      const spec = template === '' ? 'spec' : `${template}.spec`;
      return CONTAINERS.flatMap((list) => hitsOf(object, `${spec}.${list}[].image`)).map(({ value }) => ({ value: String(value), detail }));
    }),
  );
  const held = objectsOf(world, 'kubepad.dev/v1/Image', '').flatMap((image) => {
    const repository = textAt(image, 'spec.repository');
    return hitsOf(image, 'spec.tags[]').map(({ value }) => ({ value: `${repository}:${String(value)}`, detail: 'Image' }));
  });
  return unique([...held, ...used]);
}

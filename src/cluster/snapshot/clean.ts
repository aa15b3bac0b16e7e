/**
 * What of an object of another cluster comes along into a simulated one.
 * Invariant: a rule a resource; what is not named here comes as it is, without versions and owners of fields.
 */
import type { Node, Pod, Secret } from '../../api/schema/types/core/v1.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { driverNamed } from '../../cloud/csidriver/drivers.ts';
import { LAST_APPLIED } from '../../kubectl/apply.ts';

export type Cleaned = { readonly object: KubeObject } | { readonly why: string };

type Rule = (object: KubeObject) => Cleaned;

const MADE_ANEW = 'made anew by the simulated control plane and its kubelets';
const NO_SIMULATION = 'a control of the simulator itself';
const madeAnew: Rule = () => ({ why: MADE_ANEW });
const ofSimulator: Rule = () => ({ why: NO_SIMULATION });

const RULES: Readonly<Record<string, Rule>> = {
  'apiservices.apiregistration.k8s.io': madeAnew,
  'certificatesigningrequests.certificates.k8s.io': () => ({ why: 'asks a signer of the other cluster' }),
  'clocks.kubepad.dev': ofSimulator,
  'csinodes.storage.k8s.io': madeAnew,
  'csidrivers.storage.k8s.io': (object) =>
    driverNamed(object.metadata.name) === undefined ? { why: 'the simulation plays its part by a driver of its own' } : { object },
  'endpointslices.discovery.k8s.io': (object) =>
    object.metadata.labels?.[SLICE_MANAGER]?.endsWith('.k8s.io') === true ? madeAnew(object) : { object },
  'faults.kubepad.dev': ofSimulator,
  'ipaddresses.networking.k8s.io': madeAnew,
  'leases.coordination.k8s.io': madeAnew,
  'servicecidrs.networking.k8s.io': madeAnew,
  'volumeattachments.storage.k8s.io': madeAnew,
  configmaps: (object) => (object.metadata.name === 'kube-root-ca.crt' ? madeAnew(object) : { object }),
  endpoints: (object) => (object.metadata.annotations?.[ENDPOINTS_TRIGGER] === undefined ? { object } : madeAnew(object)),
  events: () => ({ why: 'tells of the other cluster' }),
  nodes: cleanNode,
  pods: (object) =>
    object.metadata.annotations?.[MIRROR] === undefined
      ? { object: cleanPod(object as Pod) }
      : { why: 'a static Pod, which stands in a file of its machine' },
  secrets: cleanSecret,
};

const SLICE_MANAGER = 'endpointslice.kubernetes.io/managed-by';
const ENDPOINTS_TRIGGER = 'endpoints.kubernetes.io/last-change-trigger-time';
const MIRROR = 'kubernetes.io/config.mirror';
const ACCOUNT_TOKEN = 'kubernetes.io/service-account-token';
const HELM_RELEASE = 'helm.sh/release.v1';

export function cleaned(resource: string, object: KubeObject): Cleaned {
  const { resourceVersion: _version, managedFields: _fields, ...metadata } = object.metadata;
  if (metadata.uid === undefined) return { why: 'it has no uid: it comes out of no cluster' };
  const bare = { ...object, metadata };
  return Object.hasOwn(RULES, resource) ? (RULES[resource]?.(bare) ?? { object: bare }) : { object: bare };
}

/** A machine that is cut off or stands still there comes up here; what it is kept free for by people stays. */
function cleanNode(object: KubeObject): Cleaned {
  const { spec, status, ...node } = object as Node;
  const { taints, ...rest } = spec ?? {};
  const kept = (taints ?? []).filter(({ key }) => !key.startsWith('node.kubernetes.io/') || key === 'node.kubernetes.io/unschedulable');
  const { images: _images, volumesAttached: _attached, volumesInUse: _inUse, conditions: _conditions, ...machine } = status ?? {};
  return { object: { ...node, spec: kept.length === 0 ? rest : { ...rest, taints: kept }, status: machine } as Node };
}

/** A Pod that is bound or ended says so; what runs in it, the simulated kubelet finds out anew. */
function cleanPod(pod: Pod): KubeObject {
  const { status, ...rest } = pod;
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return pod;
  const conditions = (status?.conditions ?? []).filter(({ type }) => type === 'PodScheduled');
  const { qosClass } = status ?? {};
  return { ...rest, status: { phase: 'Pending', conditions, ...(qosClass === undefined ? {} : { qosClass }) } } as KubeObject;
}

/** Keys stay, so that who reads one finds it. */
function cleanSecret(object: KubeObject): Cleaned {
  const secret = object as Secret;
  if (secret.type === ACCOUNT_TOKEN) return { why: 'a token of the other cluster' };
  if (secret.type === HELM_RELEASE) return { why: 'what helm remembers of a release is all value' };
  const { [LAST_APPLIED]: _, ...annotations } = secret.metadata.annotations ?? {};
  const { stringData: _written, ...rest } = secret;
  const data = Object.fromEntries(Object.keys(secret.data ?? {}).map((key) => [key, valueless(secret.type, key)]));
  return {
    object: { ...rest, metadata: { ...secret.metadata, annotations }, ...(secret.data === undefined ? {} : { data }) } as KubeObject,
  };
}

/** Some types must hold something that can be read. */
function valueless(type: string | undefined, key: string): string {
  if (type === 'kubernetes.io/dockerconfigjson' && key === '.dockerconfigjson') return 'eyJhdXRocyI6e319';
  if (type === 'kubernetes.io/dockercfg' && key === '.dockercfg') return 'e30=';
  return '';
}

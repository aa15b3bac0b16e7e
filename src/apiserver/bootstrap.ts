/**
 * The objects that a fresh API server makes for itself before anybody asks.
 * Invariant: made through ordinary requests; what is there already is left as it is.
 * Counterpart: k8s.io/kubernetes/pkg/controlplane (system namespaces, the service `kubernetes`) and the post-start hooks.
 */
import type { Draft } from '../base/json.ts';
import { builtInPriority } from '../api/apiregistration/apiservice/priorities.ts';
import { APISERVICES, ENDPOINTSLICES, NAMESPACES, PRIORITYCLASSES, SERVICECIDRS, SERVICES } from '../api/schema/resources.ts';
import type { EndpointSlice } from '../api/schema/types/discovery/v1.ts';
import type { ServiceCIDR } from '../api/schema/types/networking/v1.ts';
import { apiVersion, type KubeObject, type ResourceType } from '../apimachinery/meta/resource.ts';
import { formatTime } from '../apimachinery/meta/time.ts';
import { flowControlPolicy } from './flowcontrol/bootstrap.ts';
import { bootstrapPolicy } from './authorization/rbac/bootstrap/objects.ts';
import { SYSTEM_CLASSES } from './admission/priority/admission.ts';
import { SERVED_GROUPS } from './endpoints/served.ts';
import type { ApiServer } from './apiServer.ts';
import type { RequestContext } from './request.ts';

export interface BootstrapOptions {
  /** Default 10.96.0.0/12. The service `kubernetes` gets its first address. */
  readonly serviceClusterIpRange?: string;
  /** Where the API server itself is reached from inside the cluster. */
  readonly serverAddress?: string;
  readonly serverPort?: number;
}

export const APISERVER: RequestContext = { user: { name: 'system:apiserver', groups: ['system:masters'] }, fieldManager: 'kube-apiserver' };
/** Marks the APIServices that the server keeps itself: `true`, or `onstart` for those that it only makes when it starts. */
export const AUTO_MANAGED = 'kube-aggregator.kubernetes.io/automanaged';
const SYSTEM_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
const LABELS = { component: 'apiserver', provider: 'kubernetes' };

export function bootstrap(api: ApiServer, options: BootstrapOptions = {}): void {
  const range = options.serviceClusterIpRange ?? '10.96.0.0/12';
  for (const name of SYSTEM_NAMESPACES) ensure(api, NAMESPACES, '', { metadata: { name } });
  for (const systemClass of SYSTEM_CLASSES) ensure(api, PRIORITYCLASSES, '', { ...systemClass, metadata: { ...systemClass.metadata } });
  for (const { type, namespace, object } of bootstrapPolicy()) ensure(api, type, namespace, { ...object } as Draft<KubeObject>);
  for (const { type, object, status } of flowControlPolicy()) {
    ensure(api, type, '', { ...object } as Draft<KubeObject>);
    if (status !== undefined) ensureStatus(api, type, object.metadata.name ?? '', status);
  }
  ensureServiceCidr(api, range);
  ensure(api, SERVICES, 'default', {
    metadata: { name: 'kubernetes', labels: { ...LABELS } },
    spec: {
      clusterIP: firstAddress(range),
      clusterIPs: [firstAddress(range)],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: options.serverPort ?? 6443 }],
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
  });
  ensure(api, ENDPOINTSLICES, 'default', kubernetesEndpoints(options));
  ensureApiServices(api);
}

/** `v1.` for the core group. */
export function apiServiceName(group: string, version: string): string {
  return `${version}.${group}`;
}

/** Who answers for the built-in groups: this server. */
function ensureApiServices(api: ApiServer): void {
  for (const { group, versions } of [{ group: '', versions: ['v1'] }, ...SERVED_GROUPS]) {
    for (const version of versions) {
      const priority = builtInPriority(group, version);
      if (priority === undefined) continue;
      const metadata = { name: apiServiceName(group, version), labels: { [AUTO_MANAGED]: 'onstart' } };
      ensure(api, APISERVICES, '', { metadata, spec: { ...(group === '' ? {} : { group }), version, ...priority } });
    }
  }
}

/** Conditions that a part of the API server itself would write a moment later. */
function ensureStatus(api: ApiServer, type: ResourceType, name: string, status: object): void {
  if (api.strategy(type) === undefined) return;
  api.update(APISERVER, type, '', name, 'status', (object) => {
    const { conditions = [] } = status as { readonly conditions?: readonly object[] };
    const lastTransitionTime = formatTime(api.registry.now());
    const written = object as Draft<KubeObject> & { status?: { conditions?: readonly object[] } };
    if ((written.status?.conditions ?? []).length > 0) return undefined;
    written.status = { conditions: conditions.map((each) => ({ ...each, lastTransitionTime })) };
    return undefined;
  });
}

/** The range of Services as an object, ready from the beginning. */
function ensureServiceCidr(api: ApiServer, range: string): void {
  const finalizers = ['networking.k8s.io/service-cidr-finalizer'];
  ensure(api, SERVICECIDRS, '', { metadata: { name: 'kubernetes', finalizers }, spec: { cidrs: [range] } });
  if (api.strategy(SERVICECIDRS) === undefined) return;
  api.update(APISERVER, SERVICECIDRS, '', 'kubernetes', 'status', (object) => {
    const lastTransitionTime = formatTime(api.registry.now());
    const condition = {
      type: 'Ready',
      status: 'True' as const,
      reason: '',
      message: 'Kubernetes default Service CIDR is ready',
      lastTransitionTime,
    };
    const cidr = object as Draft<ServiceCIDR>;
    if ((cidr.status?.conditions ?? []).length === 0) cidr.status = { conditions: [condition] };
    return undefined;
  });
}

function kubernetesEndpoints(options: BootstrapOptions): Draft<EndpointSlice> {
  return {
    metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [options.serverAddress ?? '172.18.0.2'], conditions: { ready: true } }],
    ports: [{ name: 'https', port: options.serverPort ?? 6443, protocol: 'TCP' }],
  };
}

/** A kind that is not served yet is left out. A refusal of one of these objects is a bug. */
function ensure<T extends KubeObject>(api: ApiServer, type: ResourceType<T>, namespace: string, object: Draft<T>): void {
  if (api.strategy(type) === undefined) return;
  const { name } = (object as Draft<KubeObject>).metadata;
  if (api.get(type, namespace, name ?? '').ok) return;
  const outcome = api.create(APISERVER, type, namespace, { apiVersion: apiVersion(type), kind: type.kind, ...object } as Draft<T>);
  if (!outcome.ok) throw new Error(`cannot make ${type.plural} ${name ?? ''}: ${outcome.status.message ?? ''}`);
}

/** `10.96.0.0/12` gives `10.96.0.1`. */
function firstAddress(range: string): string {
  const [address = ''] = range.split('/');
  const parts = address.split('.');
  return [...parts.slice(0, 3), String(Number(parts[3] ?? 0) + 1)].join('.');
}

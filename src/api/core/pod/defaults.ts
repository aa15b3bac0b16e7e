/**
 * Defaults of Pods and Pod templates that the schema does not tell: they depend on other fields, or the object that
 * holds them is itself missing.
 * Invariant: idempotent; what a user set is never changed, but that requests are completed from limits.
 * Counterpart: k8s.io/kubernetes/pkg/apis/core/v1, SetDefaults_Pod and its siblings.
 */
import type { Draft } from '../../../base/json.ts';
import type {
  Container,
  EnvVar,
  LifecycleHandler,
  Pod,
  PodSpec,
  PodTemplateSpec,
  Probe,
  ResourceRequirements,
} from '../../schema/types/core/v1.ts';
import { canonicalize, formatQuantity, quantity, roundUpToMilli } from '../../../apimachinery/quantity/quantity.ts';
import { aggregateContainerRequests } from './effective.ts';
import { defaultVolume } from './defaultVolumes.ts';
import { defaultPullPolicy } from './imageName.ts';
import { isPodLevel } from './resourceNames.ts';

export function defaultPod(pod: Draft<Pod>): void {
  const spec = pod.spec;
  if (!spec) return;
  defaultPodSpec(spec);
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) completeRequests(container.resources);
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork) for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) defaultHostPorts(container);
  defaultPodLevelResources(spec);
  // A period before the Pod was asked to end makes no sense; one second is the shortest that still asks.
  if (spec.terminationGracePeriodSeconds !== undefined && spec.terminationGracePeriodSeconds < 0) spec.terminationGracePeriodSeconds = 1;
}

export function defaultPodTemplateSpec(template: Draft<PodTemplateSpec> | undefined): void {
  if (template?.spec) defaultPodSpec(template.spec);
}

/** What holds for the spec of a Pod and of a template alike. */
export function defaultPodSpec(spec: Draft<PodSpec>): void {
  spec.restartPolicy ||= 'Always';
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ||= 'default-scheduler';
  syncServiceAccount(spec);
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  for (const container of spec.initContainers ?? []) defaultContainer(container);
  for (const container of spec.containers ?? []) defaultContainer(container);
  for (const container of spec.ephemeralContainers ?? []) defaultContainer(container as Draft<Container>);
  defaultQuantities(spec.overhead);
  defaultQuantities(spec.resources?.limits);
  defaultQuantities(spec.resources?.requests);
}

/** The older name of the field is served beside the newer one. */
function syncServiceAccount(spec: Draft<PodSpec>): void {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (name) spec.serviceAccountName = spec.serviceAccount = name;
}

export function defaultContainer(container: Draft<Container>): void {
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? '');
  for (const port of container.ports ?? []) port.protocol ||= 'TCP';
  for (const variable of container.env ?? []) defaultEnv(variable);
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) if (probe) defaultProbe(probe);
  defaultHandler(container.lifecycle?.postStart);
  defaultHandler(container.lifecycle?.preStop);
  defaultQuantities(container.resources?.limits);
  defaultQuantities(container.resources?.requests);
}

function defaultEnv(variable: Draft<EnvVar>): void {
  const source = variable.valueFrom;
  if (!source) return;
  if (source.fieldRef) source.fieldRef.apiVersion ||= 'v1';
  if (source.resourceFieldRef) source.resourceFieldRef.divisor ||= '0';
  if (source.fileKeyRef) source.fileKeyRef.optional ??= false;
}

function defaultProbe(probe: Draft<Probe>): void {
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  defaultHandler(probe);
  if (probe.grpc) probe.grpc.service ??= '';
}

function defaultHandler(handler: Draft<Pick<LifecycleHandler, 'httpGet'>> | undefined): void {
  const get = handler?.httpGet;
  if (!get) return;
  get.path ||= '/';
  get.scheme ||= 'HTTP';
}

/** The API counts no finer than thousandths. */
function defaultQuantities(list: Record<string, string> | undefined): void {
  for (const name of Object.keys(list ?? {})) {
    const text = list?.[name];
    if (list === undefined || text === undefined) continue;
    const amount = quantity(text);
    const rounded = roundUpToMilli(amount);
    list[name] = rounded.nano === amount.nano ? text : formatQuantity(rounded);
  }
}

/** A limit without a request is its request. */
function completeRequests(resources: Draft<ResourceRequirements> | undefined): void {
  const limits = resources?.limits;
  if (!resources || !limits) return;
  const requests = (resources.requests ??= {});
  for (const [name, text] of Object.entries(limits)) requests[name] ??= text;
}

/** On the host's network a port of the container is a port of the host. */
function defaultHostPorts(container: Draft<Container>): void {
  for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
}

/**
 * A Pod that limits itself as a whole requests, for each resource it does not say, what its containers request
 * together, else its limit.
 */
function defaultPodLevelResources(spec: Draft<PodSpec>): void {
  const resources = spec.resources;
  if (!resources?.limits || Object.keys(resources.limits).length === 0) return;
  const requests: Record<string, string> = { ...resources.requests };
  const total = aggregateContainerRequests(spec as PodSpec);
  for (const [name, text] of Object.entries(total)) if (isPodLevel(name)) requests[name] ??= canonicalize(text);
  for (const [name, text] of Object.entries(resources.limits)) if (isPodLevel(name)) requests[name] ??= text;
  if (Object.keys(requests).length > 0) resources.requests = requests;
}

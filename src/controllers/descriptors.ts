/**
 * The only list of controllers. Each is a component of its own under the name that `--controllers` knows it by, and acts
 * as a ServiceAccount in kube-system: of that name, where no other is said.
 * Invariant: a controller that is not in this list does not run. Counterpart: cmd/kube-controller-manager/app/controllermanager.go.
 */
import type { Component } from '../sim/component.ts';
import { createApiServiceAvailability } from './apiserviceavailability/controller.ts';
import { createAttachDetachController } from './attachdetach/controller.ts';
import { createAutoRegister } from './autoregister/controller.ts';
import { createTokenCleaner } from './bootstrap/tokenCleaner.ts';
import { createCertificateApprover } from './certificates/approver.ts';
import { createCertificateCleaner } from './certificates/cleaner.ts';
import { createCloudNodeController } from './cloudnode/controller.ts';
import { createCloudNodeLifecycleController } from './cloudnodelifecycle/controller.ts';
import { createClusterRoleAggregationController } from './clusterroleaggregation/controller.ts';
import { createCronJobController } from './cronjob/controller.ts';
import { createCustomResourceCleanup } from './customresourcecleanup/controller.ts';
import { createDaemonSetController } from './daemon/controller.ts';
import { createDeploymentController } from './deployment/controller.ts';
import { addManualNodeIndex } from './deployment/progress.ts';
import { createDeviceTaintEvictionController } from './devicetainteviction/controller.ts';
import { addDeviceTaintIndexes } from './devicetainteviction/indexes.ts';
import { createDisruptionController } from './disruption/controller.ts';
import { createEndpointsController } from './endpoint/controller.ts';
import { createEndpointSliceController } from './endpointslice/controller.ts';
import { createEndpointSliceMirroringController } from './endpointslicemirroring/controller.ts';
import { createEphemeralVolumeController } from './ephemeralvolume/controller.ts';
import { createGarbageCollector } from './garbagecollector/controller.ts';
import { createIngressNginxController } from './ingressnginx/controller.ts';
import { createJobController } from './job/controller.ts';
import { createLegacyTokenTracking } from './legacytokentracking/controller.ts';
import { createNamespaceController } from './namespace/controller.ts';
import { createNodeIpamController } from './nodeipam/controller.ts';
import { createNodeLifecycleController } from './nodelifecycle/controller.ts';
import { createPersistentVolumeController } from './persistentvolume/controller.ts';
import { addVolumeIndexes } from './persistentvolume/indexes.ts';
import { createHorizontalPodAutoscalerController } from './podautoscaler/controller.ts';
import { addPodGCIndex, createPodGCController } from './podgc/controller.ts';
import { createReplicaSetController } from './replicaset/controller.ts';
import { createReplicationController } from './replication/controller.ts';
import { createRootCACertPublisher } from './rootcacertpublisher/controller.ts';
import { createResourceClaimController } from './resourceclaim/controller.ts';
import { addResourceClaimIndexes } from './resourceclaim/indexes.ts';
import { createResourceQuotaController } from './resourcequota/controller.ts';
import { ControllerComponent, type ControllerDescriptor } from './runtime/component.ts';
import type { ControllerEnvironment } from './runtime/environment.ts';
import { createServiceAccountController } from './serviceaccount/controller.ts';
import { createServiceAccountTokenController } from './serviceaccounttoken/controller.ts';
import { createLegacyTokenCleaner } from './serviceaccounttoken/legacyCleaner.ts';
import { createServiceLBController } from './servicelb/controller.ts';
import { createStatefulSetController } from './statefulset/controller.ts';
import { createTaintEvictionController } from './tainteviction/controller.ts';
import { createTTLAfterFinishedController } from './ttlafterfinished/controller.ts';
import { createTTLController } from './ttl/controller.ts';
import { createVolumeExpandController } from './volumeexpand/controller.ts';
import { createValidatingAdmissionPolicyStatusController } from './validatingadmissionpolicystatus/controller.ts';
import { createClaimProtectionController, createVolumeProtectionController } from './volumeprotection/controller.ts';
import { addOrphanIndex } from './util/refManager.ts';

export const CONTROLLERS = [
  // What every namespace needs before a Pod can be made is there at once, even while the clock stands still.
  { name: 'serviceaccount-controller', serviceAccount: 'service-account-controller', latencyMs: 0, create: createServiceAccountController },
  { name: 'serviceaccount-token-controller', user: 'system:kube-controller-manager', create: createServiceAccountTokenController },
  {
    name: 'root-ca-certificate-publisher-controller',
    serviceAccount: 'root-ca-cert-publisher',
    latencyMs: 0,
    create: createRootCACertPublisher,
  },
  { name: 'node-ipam-controller', serviceAccount: 'node-controller', eventSource: 'cidrAllocator', create: createNodeIpamController },
  {
    name: 'node-lifecycle-controller',
    serviceAccount: 'node-controller',
    eventSource: 'node-controller',
    create: createNodeLifecycleController,
  },
  { name: 'taint-eviction-controller', serviceAccount: 'node-controller', create: createTaintEvictionController },
  { name: 'device-taint-eviction-controller', create: createDeviceTaintEvictionController },
  { name: 'ttl-controller', create: createTTLController },
  { name: 'deployment-controller', latencyMs: 5, create: createDeploymentController },
  { name: 'daemonset-controller', serviceAccount: 'daemon-set-controller', create: createDaemonSetController },
  { name: 'statefulset-controller', create: createStatefulSetController },
  { name: 'job-controller', create: createJobController },
  { name: 'cronjob-controller', create: createCronJobController },
  { name: 'ttl-after-finished-controller', create: createTTLAfterFinishedController },
  {
    name: 'horizontal-pod-autoscaler-controller',
    serviceAccount: 'horizontal-pod-autoscaler',
    eventSource: 'horizontal-pod-autoscaler',
    create: createHorizontalPodAutoscalerController,
  },
  { name: 'disruption-controller', eventSource: 'controllermanager', create: createDisruptionController },
  { name: 'replicaset-controller', create: createReplicaSetController },
  {
    name: 'replicationcontroller-controller',
    serviceAccount: 'replication-controller',
    eventSource: 'replication-controller',
    create: createReplicationController,
  },
  {
    name: 'endpoints-controller',
    serviceAccount: 'endpoint-controller',
    eventSource: 'endpoint-controller',
    create: createEndpointsController,
  },
  { name: 'endpointslice-controller', eventSource: 'endpoint-slice-controller', create: createEndpointSliceController },
  {
    name: 'endpointslice-mirroring-controller',
    serviceAccount: 'endpointslicemirroring-controller',
    eventSource: 'endpoint-slice-mirroring-controller',
    create: createEndpointSliceMirroringController,
  },
  {
    name: 'persistentvolume-binder-controller',
    serviceAccount: 'persistent-volume-binder',
    eventSource: 'persistentvolume-controller',
    create: createPersistentVolumeController,
  },
  {
    name: 'persistentvolume-expander-controller',
    serviceAccount: 'expand-controller',
    eventSource: 'volume_expand',
    create: createVolumeExpandController,
  },
  {
    name: 'persistentvolume-attach-detach-controller',
    serviceAccount: 'attachdetach-controller',
    eventSource: 'attachdetach-controller',
    // It goes round all volumes ten times a second.
    latencyMs: 100,
    create: createAttachDetachController,
  },
  { name: 'ephemeral-volume-controller', eventSource: 'ephemeral_volume', create: createEphemeralVolumeController },
  {
    name: 'resourceclaim-controller',
    serviceAccount: 'resource-claim-controller',
    eventSource: 'resource_claim',
    create: createResourceClaimController,
  },
  {
    name: 'persistentvolumeclaim-protection-controller',
    serviceAccount: 'pvc-protection-controller',
    create: createClaimProtectionController,
  },
  { name: 'persistentvolume-protection-controller', serviceAccount: 'pv-protection-controller', create: createVolumeProtectionController },
  { name: 'pod-garbage-collector-controller', serviceAccount: 'pod-garbage-collector', create: createPodGCController },
  {
    name: 'certificatesigningrequest-approving-controller',
    serviceAccount: 'certificate-controller',
    create: createCertificateApprover,
  },
  { name: 'certificatesigningrequest-cleaner-controller', serviceAccount: 'certificate-controller', create: createCertificateCleaner },
  { name: 'token-cleaner-controller', serviceAccount: 'token-cleaner', isDisabledByDefault: true, create: createTokenCleaner },
  {
    name: 'legacy-serviceaccount-token-cleaner-controller',
    serviceAccount: 'legacy-service-account-token-cleaner',
    create: createLegacyTokenCleaner,
  },
  { name: 'clusterrole-aggregation-controller', create: createClusterRoleAggregationController },
  { name: 'validatingadmissionpolicy-status-controller', create: createValidatingAdmissionPolicyStatusController },
  { name: 'resourcequota-controller', create: createResourceQuotaController },
  { name: 'namespace-controller', create: createNamespaceController },
  { name: 'garbage-collector-controller', serviceAccount: 'generic-garbage-collector', create: createGarbageCollector },
] as const satisfies readonly ControllerDescriptor[];

/** Controllers that a real API server runs itself: no flag turns them off. */
const OF_API_SERVER: readonly ControllerDescriptor[] = [
  { name: 'customresource-cleanup', create: createCustomResourceCleanup },
  { name: 'autoregister', latencyMs: 0, create: createAutoRegister },
  { name: 'apiservice-availability', latencyMs: 0, create: createApiServiceAvailability },
  { name: 'legacy-token-tracking', create: createLegacyTokenTracking },
];

/** Controllers of a cloud-controller-manager: they run where a cloud is behind the cluster. */
export const OF_CLOUD = [
  { name: 'cloud-node-controller', create: createCloudNodeController },
  { name: 'cloud-node-lifecycle-controller', create: createCloudNodeLifecycleController },
  {
    name: 'service-lb-controller',
    serviceAccount: 'service-controller',
    eventSource: 'service-controller',
    create: createServiceLBController,
  },
] as const satisfies readonly ControllerDescriptor[];

/** Controllers that people install on top of a cluster: they rest until an object names them. */
export const OF_ADDONS = [
  {
    name: 'ingress-nginx-controller',
    user: 'system:serviceaccount:ingress-nginx:ingress-nginx',
    eventSource: 'nginx-ingress-controller',
    create: createIngressNginxController,
  },
] as const satisfies readonly ControllerDescriptor[];

export function createControllers(environment: ControllerEnvironment): readonly Component[] {
  for (const resource of ['pods', 'replicasets.apps', 'controllerrevisions.apps']) addOrphanIndex(environment.api, resource);
  addManualNodeIndex(environment.api);
  addPodGCIndex(environment.api);
  addVolumeIndexes(environment.api);
  addResourceClaimIndexes(environment.api);
  addDeviceTaintIndexes(environment.api);
  const enabled = CONTROLLERS.filter(({ name }) => isEnabled(name, environment.options.controllers));
  const ofCloud = environment.options.cloudRegion === undefined ? [] : OF_CLOUD;
  return [...OF_API_SERVER, ...enabled, ...ofCloud, ...OF_ADDONS].map((descriptor) => new ControllerComponent(environment, descriptor));
}

/**
 * What `--controllers` says of one controller: `name` turns it on, `-name` off, `*` all that are not named and not off by default. Old short
 * names (`deployment`, `nodelifecycle`) are understood as the real program understands them.
 */
export function isEnabled(name: string, flags: readonly string[] = ['*']): boolean {
  const named = flags.map((flag) => (flag.startsWith('-') ? `-${longName(flag.slice(1))}` : longName(flag)));
  if (named.includes(name)) return true;
  if (named.includes(`-${name}`)) return false;
  const descriptor: ControllerDescriptor | undefined = CONTROLLERS.find((each) => each.name === name);
  return named.includes('*') && descriptor?.isDisabledByDefault !== true;
}

function longName(name: string): string {
  if (name === '*' || CONTROLLERS.some((descriptor) => descriptor.name === name)) return name;
  const plain = (text: string): string => text.replaceAll('-', '').replace(/controller$/, '');
  return CONTROLLERS.find((descriptor) => plain(descriptor.name) === plain(name))?.name ?? name;
}

/**
 * All served resources and their strategies; the only list of the rooms of kinds.
 * Invariant: every resource of the recorded discovery that holds objects has a strategy, its own or a generic one.
 * Counterpart: the API groups that k8s.io/kubernetes/pkg/controlplane installs.
 */
import { groupResource, type ResourceType } from '../apimachinery/meta/resource.ts';
import { MUTATINGADMISSIONPOLICY_STRATEGY } from './admissionregistration/mutatingadmissionpolicy/strategy.ts';
import { MUTATINGADMISSIONPOLICYBINDING_STRATEGY } from './admissionregistration/mutatingadmissionpolicybinding/strategy.ts';
import { MUTATINGWEBHOOKCONFIGURATION_STRATEGY } from './admissionregistration/mutatingwebhookconfiguration/strategy.ts';
import { VALIDATINGADMISSIONPOLICY_STRATEGY } from './admissionregistration/validatingadmissionpolicy/strategy.ts';
import { VALIDATINGADMISSIONPOLICYBINDING_STRATEGY } from './admissionregistration/validatingadmissionpolicybinding/strategy.ts';
import { VALIDATINGWEBHOOKCONFIGURATION_STRATEGY } from './admissionregistration/validatingwebhookconfiguration/strategy.ts';
import { CUSTOMRESOURCEDEFINITION_STRATEGY } from './apiextensions/customresourcedefinition/strategy.ts';
import { APISERVICE_STRATEGY } from './apiregistration/apiservice/strategy.ts';
import { CONTROLLERREVISION_STRATEGY } from './apps/controllerrevision/strategy.ts';
import { DAEMONSET_STRATEGY } from './apps/daemonset/strategy.ts';
import { DEPLOYMENT_STRATEGY } from './apps/deployment/strategy.ts';
import { REPLICASET_STRATEGY } from './apps/replicaset/strategy.ts';
import { STATEFULSET_STRATEGY } from './apps/statefulset/strategy.ts';
import {
  AUTOSCALING_V1_HORIZONTALPODAUTOSCALER_STRATEGY,
  HORIZONTALPODAUTOSCALER_STRATEGY,
} from './autoscaling/horizontalpodautoscaler/strategy.ts';
import { CRONJOB_STRATEGY } from './batch/cronjob/strategy.ts';
import { JOB_STRATEGY } from './batch/job/strategy.ts';
import { CERTIFICATESIGNINGREQUEST_STRATEGY } from './certificates/certificatesigningrequest/strategy.ts';
import { LEASE_STRATEGY } from './coordination/lease/strategy.ts';
import { CONFIGMAP_STRATEGY } from './core/configmap/strategy.ts';
import { ENDPOINTS_STRATEGY } from './core/endpoints/strategy.ts';
import { EVENT_STRATEGY, EVENTS_V1_EVENT_STRATEGY } from './core/event/strategy.ts';
import { LIMITRANGE_STRATEGY } from './core/limitrange/strategy.ts';
import { NAMESPACE_STRATEGY } from './core/namespace/strategy.ts';
import { NODE_STRATEGY } from './core/node/strategy.ts';
import { PERSISTENTVOLUME_STRATEGY } from './core/persistentvolume/strategy.ts';
import { PERSISTENTVOLUMECLAIM_STRATEGY } from './core/persistentvolumeclaim/strategy.ts';
import { POD_STRATEGY } from './core/pod/strategy.ts';
import { PODTEMPLATE_STRATEGY } from './core/podtemplate/strategy.ts';
import { REPLICATIONCONTROLLER_STRATEGY } from './core/replicationcontroller/strategy.ts';
import { RESOURCEQUOTA_STRATEGY } from './core/resourcequota/strategy.ts';
import { SECRET_STRATEGY } from './core/secret/strategy.ts';
import { SERVICE_STRATEGY } from './core/service/strategy.ts';
import { SERVICEACCOUNT_STRATEGY } from './core/serviceaccount/strategy.ts';
import { ENDPOINTSLICE_STRATEGY } from './discovery/endpointslice/strategy.ts';
import { FLOWSCHEMA_STRATEGY } from './flowcontrol/flowschema/strategy.ts';
import { PRIORITYLEVELCONFIGURATION_STRATEGY } from './flowcontrol/prioritylevelconfiguration/strategy.ts';
import { genericStrategy, type ResourceFact } from './generic/strategy.ts';
import { genericTable, type TableFacts } from './generic/table.ts';
import { CLOCK_STRATEGY } from './kubepad/clock/strategy.ts';
import { FAULT_STRATEGY } from './kubepad/fault/strategy.ts';
import { IMAGE_STRATEGY } from './kubepad/image/strategy.ts';
import { LOAD_STRATEGY } from './kubepad/load/strategy.ts';
import { METRIC_STRATEGY } from './kubepad/metric/strategy.ts';
import { NODEPOOL_STRATEGY } from './kubepad/nodepool/strategy.ts';
import { KUBEPAD_GROUP, KUBEPAD_RESOURCES } from './kubepad/schema.ts';
import { INGRESS_STRATEGY } from './networking/ingress/strategy.ts';
import { INGRESSCLASS_STRATEGY } from './networking/ingressclass/strategy.ts';
import { IPADDRESS_STRATEGY } from './networking/ipaddress/strategy.ts';
import { NETWORKPOLICY_STRATEGY } from './networking/networkpolicy/strategy.ts';
import { SERVICECIDR_STRATEGY } from './networking/servicecidr/strategy.ts';
import { RUNTIMECLASS_STRATEGY } from './node/runtimeclass/strategy.ts';
import { PODDISRUPTIONBUDGET_STRATEGY } from './policy/poddisruptionbudget/strategy.ts';
import { CLUSTERROLE_STRATEGY } from './rbac/clusterrole/strategy.ts';
import { CLUSTERROLEBINDING_STRATEGY } from './rbac/clusterrolebinding/strategy.ts';
import { ROLE_STRATEGY } from './rbac/role/strategy.ts';
import { ROLEBINDING_STRATEGY } from './rbac/rolebinding/strategy.ts';
import { DEVICECLASS_STRATEGY } from './resource/deviceclass/strategy.ts';
import { RESOURCECLAIM_STRATEGY } from './resource/resourceclaim/strategy.ts';
import { RESOURCECLAIMTEMPLATE_STRATEGY } from './resource/resourceclaimtemplate/strategy.ts';
import { RESOURCESLICE_STRATEGY } from './resource/resourceslice/strategy.ts';
import { PRIORITYCLASS_STRATEGY } from './scheduling/priorityclass/strategy.ts';
import facts from './schema/facts/resources.json' with { type: 'json' };
import tables from './schema/facts/tables.json' with { type: 'json' };
import { CSIDRIVER_STRATEGY } from './storage/csidriver/strategy.ts';
import { CSINODE_STRATEGY } from './storage/csinode/strategy.ts';
import { CSISTORAGECAPACITY_STRATEGY } from './storage/csistoragecapacity/strategy.ts';
import { STORAGECLASS_STRATEGY } from './storage/storageclass/strategy.ts';
import { VOLUMEATTACHMENT_STRATEGY } from './storage/volumeattachment/strategy.ts';
import { VOLUMEATTRIBUTESCLASS_STRATEGY } from './storage/volumeattributesclass/strategy.ts';
import type { Strategy } from './strategy.ts';

/** As discovery lists them: groups in order of priority, versions of a group with the preferred one first. */
export const RESOURCES: readonly ResourceFact[] = [
  ...(facts as unknown as { readonly resources: readonly ResourceFact[] }).resources,
  ...KUBEPAD_RESOURCES,
];

/** API groups in the order of discovery, the core group not among them. */
export const GROUPS: readonly { readonly group: string; readonly preferred: string; readonly versions: readonly string[] }[] = [
  ...facts.groups,
  KUBEPAD_GROUP,
];

/** Kinds with a room of their own. A Strategy serves one version; see `STRATEGIES` for what two versions share. */
const ROOMS: readonly Strategy[] = [
  APISERVICE_STRATEGY,
  AUTOSCALING_V1_HORIZONTALPODAUTOSCALER_STRATEGY,
  CERTIFICATESIGNINGREQUEST_STRATEGY,
  CLOCK_STRATEGY,
  CLUSTERROLEBINDING_STRATEGY,
  CLUSTERROLE_STRATEGY,
  CONFIGMAP_STRATEGY,
  CONTROLLERREVISION_STRATEGY,
  CRONJOB_STRATEGY,
  CSIDRIVER_STRATEGY,
  CSINODE_STRATEGY,
  CSISTORAGECAPACITY_STRATEGY,
  CUSTOMRESOURCEDEFINITION_STRATEGY,
  DAEMONSET_STRATEGY,
  DEPLOYMENT_STRATEGY,
  DEVICECLASS_STRATEGY,
  ENDPOINTSLICE_STRATEGY,
  ENDPOINTS_STRATEGY,
  EVENTS_V1_EVENT_STRATEGY,
  EVENT_STRATEGY,
  FLOWSCHEMA_STRATEGY,
  HORIZONTALPODAUTOSCALER_STRATEGY,
  INGRESSCLASS_STRATEGY,
  INGRESS_STRATEGY,
  IPADDRESS_STRATEGY,
  JOB_STRATEGY,
  LEASE_STRATEGY,
  LIMITRANGE_STRATEGY,
  MUTATINGADMISSIONPOLICY_STRATEGY,
  MUTATINGADMISSIONPOLICYBINDING_STRATEGY,
  MUTATINGWEBHOOKCONFIGURATION_STRATEGY,
  NAMESPACE_STRATEGY,
  NETWORKPOLICY_STRATEGY,
  FAULT_STRATEGY,
  IMAGE_STRATEGY,
  LOAD_STRATEGY,
  METRIC_STRATEGY,
  NODEPOOL_STRATEGY,
  NODE_STRATEGY,
  PERSISTENTVOLUMECLAIM_STRATEGY,
  PERSISTENTVOLUME_STRATEGY,
  PODDISRUPTIONBUDGET_STRATEGY,
  PODTEMPLATE_STRATEGY,
  POD_STRATEGY,
  PRIORITYCLASS_STRATEGY,
  PRIORITYLEVELCONFIGURATION_STRATEGY,
  REPLICASET_STRATEGY,
  REPLICATIONCONTROLLER_STRATEGY,
  RESOURCECLAIMTEMPLATE_STRATEGY,
  RESOURCECLAIM_STRATEGY,
  RESOURCEQUOTA_STRATEGY,
  RESOURCESLICE_STRATEGY,
  ROLEBINDING_STRATEGY,
  ROLE_STRATEGY,
  RUNTIMECLASS_STRATEGY,
  SECRET_STRATEGY,
  SERVICEACCOUNT_STRATEGY,
  SERVICECIDR_STRATEGY,
  SERVICE_STRATEGY,
  STATEFULSET_STRATEGY,
  STORAGECLASS_STRATEGY,
  VALIDATINGADMISSIONPOLICY_STRATEGY,
  VALIDATINGADMISSIONPOLICYBINDING_STRATEGY,
  VALIDATINGWEBHOOKCONFIGURATION_STRATEGY,
  VOLUMEATTACHMENT_STRATEGY,
  VOLUMEATTRIBUTESCLASS_STRATEGY,
].map((strategy) => strategy as unknown as Strategy);

/** Reviews, bindings and component statuses hold no objects: they are answered, not stored. */
const isStored = (fact: ResourceFact): boolean => fact.verbs.includes('create') && fact.verbs.includes('get');

/** A room without a table of its own shows the recorded columns. */
const ALL: readonly Strategy[] = RESOURCES.filter(isStored).map((fact) => {
  const room = ROOMS.find(({ resource }) => sameVersion(resource, fact));
  if (room === undefined) return genericStrategy(fact, tables as TableFacts);
  const table = room.table ?? genericTable(tables as TableFacts, fact);
  return table === undefined ? room : { ...room, table };
});

/** Every strategy by `group/version/plural`, the group left out where it is empty: one per served version. */
const BY_VERSION: ReadonlyMap<string, Strategy> = new Map(ALL.map((strategy) => [versionKey(strategy.resource), strategy]));
const BY_KIND: ReadonlyMap<string, Strategy> = new Map(
  ALL.map((strategy) => [`${strategy.resource.group}/${strategy.resource.version}/${strategy.resource.kind}`, strategy]),
);

/**
 * Strategies by `plural.group` (`pods`, `deployments.apps`), as the store names resources. Where a group serves two
 * versions this is the preferred one: autoscaling/v1 is served by converting, see the REST layer. The two Event APIs are
 * two resources here although one storage keeps them.
 */
export const STRATEGIES: ReadonlyMap<string, Strategy> = new Map(
  [...ALL].reverse().map((strategy) => [groupResource(strategy.resource), strategy]),
);

/** The strategy of a served version: `strategyOf('apps', 'v1', 'deployments')`. */
export function strategyOf(group: string, version: string, plural: string): Strategy | undefined {
  return BY_VERSION.get(versionKey({ group, version, plural }));
}

/** The strategy of an object by its own words: `strategyForKind('apps/v1', 'Deployment')`. */
export function strategyForKind(apiVersion: string, kind: string): Strategy | undefined {
  const slash = apiVersion.indexOf('/');
  return BY_KIND.get(slash < 0 ? `/${apiVersion}/${kind}` : `${apiVersion}/${kind}`);
}

function sameVersion(
  left: Pick<ResourceType, 'group' | 'version' | 'plural'>,
  right: Pick<ResourceType, 'group' | 'version' | 'plural'>,
): boolean {
  return left.group === right.group && left.version === right.version && left.plural === right.plural;
}

function versionKey({ group, version, plural }: Pick<ResourceType, 'group' | 'version' | 'plural'>): string {
  return group === '' ? `${version}/${plural}` : `${group}/${version}/${plural}`;
}

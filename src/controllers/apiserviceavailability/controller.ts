/**
 * Says of each APIService that another server answers for whether that server can be reached, and why not.
 * Invariant: it looks and writes the condition Available, nothing else. It runs in the API server, whatever `--controllers` says.
 * Counterpart: k8s.io/kube-aggregator/pkg/controllers/status/remote.
 */
import { draft } from '../../base/json.ts';
import { APISERVICES, ENDPOINTSLICES, SERVICES } from '../../api/schema/resources.ts';
import type { APIService, APIServiceCondition } from '../../api/schema/types/apiregistration/v1.ts';
import type { Service } from '../../api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
import { quote } from '../../apimachinery/field/quote.ts';
import { groupResource, keyOf, objectKey } from '../../apimachinery/meta/resource.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { APISERVER } from '../../apiserver/bootstrap.ts';
import { Client } from '../../client/client.ts';
import { INDEX_SERVICE } from '../../apiserver/serviceIndex.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

/** APIServices by the key of the Service behind which their server is. */
const INDEX_SERVER = 'controllers/apiserviceavailability';
const SERVICE_NAME = 'kubernetes.io/service-name';

export function createApiServiceAvailability(context: ControllerContext): Controller {
  const { api } = context.client;
  // It is the API server itself that writes.
  const client = new Client(api, APISERVER.user.name, APISERVER.user.groups, APISERVER.fieldManager);
  api.store.addIndex(groupResource(APISERVICES), INDEX_SERVER, (object) => {
    const { service } = (object as APIService).spec ?? {};
    return service === undefined ? [] : [objectKey(service.namespace, service.name ?? '')];
  });
  const behind = (serviceKey: string): readonly string[] => client.byIndex(APISERVICES, INDEX_SERVER, serviceKey).map(keyOf);
  return {
    for: APISERVICES,
    watches: [
      watch(SERVICES, (service) => behind(keyOf(service))),
      watch(ENDPOINTSLICES, ({ metadata }) => behind(objectKey(metadata.namespace, metadata.labels?.[SERVICE_NAME] ?? ''))),
    ],
    reconcile: (name) => {
      const apiService = client.get(APISERVICES, '', name);
      if (apiService?.spec?.service !== undefined) setAvailable(client, apiService, judge(client, apiService), context.now());
      return undefined;
    },
  };
}

type Verdict = Omit<APIServiceCondition, 'type' | 'lastTransitionTime'>;

/** In the order in which the real one asks; the first thing that is wrong is told. */
function judge(client: Client, { spec }: APIService): Verdict {
  const { group = '', version = '', service: { namespace = '', name = '', port = 443 } = {} } = spec ?? {};
  // The simulation answers for the metrics server and for adapters itself.
  if (client.api.catalog.isAggregated(group, version)) return { status: 'True', reason: 'Passed', message: 'all checks passed' };
  const what = `service/${name} in ${quote(namespace)}`;
  const service = client.get(SERVICES, namespace, name);
  if (service === undefined) return unavailable('ServiceNotFound', `${what} is not present`);
  if (service.spec?.type !== 'ExternalName') {
    const portName = service.spec?.ports?.find((each) => each.port === port)?.name;
    if (service.spec?.ports?.some((each) => each.port === port) !== true)
      return unavailable('ServicePortError', `${what} is not listening on port ${port}`);
    const slices = client.byIndex(ENDPOINTSLICES, INDEX_SERVICE, objectKey(namespace, name));
    if (slices.length === 0) return unavailable('EndpointsNotFound', `cannot find endpointslices for ${what}`);
    if (!slices.some((slice) => serves(slice, portName ?? '')))
      return unavailable('MissingEndpoints', `endpointslices for ${what} have no addresses with port name ${quote(portName ?? '')}`);
  }
  const url = `https://${hostOf(service)}:${port}/apis/${group}/${version}`;
  // Programs of the simulation do not speak the protocol of an API server.
  return unavailable('FailedDiscoveryCheck', `failing or missing response from ${url}: bad status from ${url}: 404`);
}

function serves({ ports, endpoints }: EndpointSlice, portName: string): boolean {
  const ready = endpoints?.some(({ conditions, addresses }) => conditions?.ready !== false && addresses.length > 0) === true;
  return ready && ports?.some(({ name = '' }) => name === portName) === true;
}

function hostOf({ spec, metadata }: Service): string {
  if (spec?.type === 'ExternalName') return spec.externalName ?? '';
  return spec?.clusterIP ?? `${metadata.name ?? ''}.${metadata.namespace ?? ''}.svc`;
}

function unavailable(reason: string, message: string): Verdict {
  return { status: 'False', reason, message };
}

function setAvailable(client: Client, { metadata, status }: APIService, verdict: Verdict, nowMs: number): void {
  const conditions = status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === 'Available');
  const time = old?.status === verdict.status ? old.lastTransitionTime : formatTime(nowMs);
  const condition = { type: 'Available', ...verdict, lastTransitionTime: time ?? formatTime(nowMs) };
  const next = old === undefined ? [...conditions, condition] : conditions.map((each) => (each === old ? condition : each));
  client.modify(APISERVICES, '', metadata.name ?? '', (copy) => void (copy.status = draft({ conditions: next })), 'status');
}

/**
 * Gives Services of type LoadBalancer a balancer of the cloud: its address in the status, a finalizer until it is taken back, events.
 * Invariant: a Service with a balancer has the finalizer, so none is left behind. Only clusters of a cloud have it.
 * Counterpart: k8s.io/cloud-provider/controllers/service, and cloud-provider-aws behind it.
 */
import { draft, type Draft, type Json } from '../../base/json.ts';
import { NODES, SERVICES } from '../../api/schema/resources.ts';
import type { LoadBalancerIngress, Node, Service } from '../../api/schema/types/core/v1.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { objectReference } from '../../client/client.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { awsHostname, awsRefusal, isImplementedElsewhere } from './awsLoadBalancer.ts';
import { CLEANUP_FINALIZER, needsCleanup, needsUpdate, wantsLoadBalancer } from './needsUpdate.ts';

const INDEX = 'load-balancer';
const ALL = 'all';
/** The request to tell all balancers of the present nodes; no Service has a key without a namespace. */
const NODES_KEY = 'nodes';
/** How long the cloud takes to make a balancer, or to take one back. */
const ENSURE_MS = 2_500;
const DELETE_MS = 1_500;
/** After a refusal by the cloud it is asked again, later each time. */
const RETRY_MIN_MS = 5_000;
const RETRY_MAX_MS = 300_000;
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
const LEAVING = 'ToBeDeletedByClusterAutoscaler';

type Act = 'ensure' | 'delete';

export function createServiceLBController(context: ControllerContext): Controller {
  const controller = new ServiceLB(context);
  return {
    watches: [
      watch(SERVICES, (service, previous, deleted) => controller.concerns(service, previous, deleted)),
      watch(NODES, (node, previous, deleted) => (isServing(previous) === (!deleted && isServing(node)) ? [] : [NODES_KEY])),
    ],
    reconcile: (key) => controller.reconcile(key),
    timer: (act, key) => controller.finish(act as Act, key),
    checkpoint: () => controller.checkpoint(),
    restore: (state) => controller.restore(state),
  };
}

class ServiceLB {
  private readonly context: ControllerContext;
  /** Services for which the cloud is at work, and whether they changed meanwhile. */
  private readonly busy = new Map<string, boolean>();
  /** Services for which the cloud has a balancer; the status of one that changes its type forgets the address at once. */
  private readonly made = new Set<string>();
  /** How often the cloud refused in a row. */
  private readonly failures = new Map<string, number>();

  constructor(context: ControllerContext) {
    this.context = context;
    context.client.api.store.addIndex('services', INDEX, (service) => (wantsLoadBalancer(service as Service) ? [ALL] : []));
  }

  concerns(service: Service, previous: Service | undefined, deleted: boolean): readonly string[] {
    if (deleted) return [];
    const key = keyOf(service);
    if (previous === undefined) return wantsLoadBalancer(service) || needsCleanup(service) ? [key] : [];
    if (needsCleanup(service)) return needsCleanup(previous) && previous.spec?.type === service.spec?.type ? [] : [key];
    const update = needsUpdate(previous, service);
    if (update?.event !== undefined) this.say(service, 'Normal', update.event.reason, update.event.message);
    return update === undefined ? [] : [key];
  }

  reconcile(key: string): undefined {
    if (key === NODES_KEY) return this.updateHosts();
    const service = this.read(key);
    if (service === undefined) {
      this.failures.delete(key);
      return undefined;
    }
    if (this.busy.has(key)) this.busy.set(key, true);
    else if (!wantsLoadBalancer(service) || needsCleanup(service)) this.beginDelete(key, service);
    else this.beginEnsure(key, service);
    return undefined;
  }

  /** The cloud is done. */
  finish(act: Act, key: string): void {
    const changed = this.busy.get(key) === true;
    this.busy.delete(key);
    const service = this.read(key);
    if (service === undefined) return;
    if (act === 'delete') this.forget(service);
    else {
      this.made.add(key);
      this.say(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
      this.setAddress(service, [{ hostname: awsHostname(service, this.context.options.cloudRegion ?? '') }]);
    }
    if (changed) this.context.enqueue(key);
  }

  checkpoint(): Json {
    return { busy: [...this.busy], made: [...this.made], failures: [...this.failures] };
  }

  restore(state: Json): void {
    const {
      busy = [],
      made = [],
      failures = [],
    } = (state ?? {}) as {
      readonly busy?: readonly (readonly [string, boolean])[];
      readonly made?: readonly string[];
      readonly failures?: readonly (readonly [string, number])[];
    };
    this.busy.clear();
    this.made.clear();
    this.failures.clear();
    for (const [key, changed] of busy) this.busy.set(key, changed);
    for (const key of made) this.made.add(key);
    for (const [key, count] of failures) this.failures.set(key, count);
  }

  private beginEnsure(key: string, service: Service): void {
    this.say(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
    if (service.metadata.finalizers?.includes(CLEANUP_FINALIZER) !== true)
      this.modify(service, ({ metadata }) => void (metadata.finalizers = [...(metadata.finalizers ?? []), CLEANUP_FINALIZER]));
    if (!this.context.client.list(NODES).some(isServing))
      this.say(service, 'Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer');
    if (isImplementedElsewhere(service)) return;
    const refusal = awsRefusal(service);
    if (refusal !== undefined) {
      const message = `Error syncing load balancer: failed to ensure load balancer: ${refusal}`;
      this.say(service, 'Warning', 'SyncLoadBalancerFailed', message);
      const count = this.failures.get(key) ?? 0;
      this.failures.set(key, count + 1);
      // Nothing will change by itself: the cluster is stable all the same.
      this.context.enqueueAfter(key, Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(count, 10)), true);
      return;
    }
    this.failures.delete(key);
    this.begin('ensure', key, ENSURE_MS);
  }

  private beginDelete(key: string, service: Service): void {
    this.failures.delete(key);
    if (!this.made.has(key) && (service.status?.loadBalancer?.ingress ?? []).length === 0) {
      // The cloud has none: it never made one, or somebody else did.
      if (needsCleanup(service)) this.forget(service);
      return;
    }
    this.say(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
    this.begin('delete', key, DELETE_MS);
  }

  private begin(act: Act, key: string, durationMs: number): void {
    this.busy.set(key, false);
    this.context.setTimer({ at: this.context.now() + durationMs, type: act, key, background: false });
  }

  private forget(service: Service): void {
    this.made.delete(keyOf(service));
    this.modify(service, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
    });
    this.say(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
    // One that was being deleted has gone with its finalizer.
    if (this.read(keyOf(service)) !== undefined) this.setAddress(service, []);
  }

  /** Every balancer that stands hears which nodes there are now. */
  private updateHosts(): undefined {
    for (const service of this.context.client.byIndex(SERVICES, INDEX, ALL)) {
      const hasAddress = (service.status?.loadBalancer?.ingress ?? []).length > 0;
      if (hasAddress && service.metadata.deletionTimestamp === undefined)
        this.say(service, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts');
    }
    return undefined;
  }

  private setAddress(service: Service, ingress: readonly LoadBalancerIngress[]): void {
    const { namespace = '', name = '' } = service.metadata;
    const loadBalancer = ingress.length === 0 ? {} : { ingress: draft(ingress) };
    this.context.client.modify(SERVICES, namespace, name, (copy) => void ((copy.status ??= {}).loadBalancer = loadBalancer), 'status');
  }

  private modify({ metadata: { namespace = '', name = '' } }: Service, change: (copy: Draft<Service>) => void): void {
    this.context.client.modify(SERVICES, namespace, name, change);
  }

  private say(service: Service, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.events.event(objectReference(SERVICES, service), type, reason, message);
  }

  private read(key: string): Service | undefined {
    const { namespace, name } = splitKey(key);
    return this.context.client.get(SERVICES, namespace, name);
  }
}

/** Whether balancers send to the node. Readiness does not matter: they look after that by themselves. */
function isServing(node: Node | undefined): boolean {
  if (node === undefined || node.metadata.deletionTimestamp !== undefined) return false;
  return node.metadata.labels?.[EXCLUDED] === undefined && node.spec?.taints?.some(({ key }) => key === LEAVING) !== true;
}

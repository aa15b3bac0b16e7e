/**
 * Takes up the Ingresses of its class: says so in events, and writes the address under which they are reached into their status.
 * Invariant: an Ingress of another class is left alone; without an IngressClass that names the controller it does nothing.
 * Counterpart: the controller of github.com/kubernetes/ingress-nginx; what it answers requests with is network/ingress.
 */
import { jsonEqual, type Draft, type Json } from '../../base/json.ts';
import { INGRESS_NGINX, isClaimedBy } from '../../api/networking/ingress/claim.ts';
import { INGRESSCLASSES, INGRESSES } from '../../api/schema/resources.ts';
import type { Ingress, IngressLoadBalancerIngress } from '../../api/schema/types/networking/v1.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { objectReference } from '../../client/client.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

/** Addresses are written so often, for all Ingresses at once. */
const STATUS_PERIOD_MS = 60_000;

export function createIngressNginxController(context: ControllerContext): Controller {
  const controller = new IngressNginx(context);
  return {
    watches: [
      watch(INGRESSES, (ingress, previous, deleted) => controller.concerns(ingress, previous, deleted)),
      watch(INGRESSCLASSES, () => context.client.list(INGRESSES).map(keyOf)),
    ],
    reconcile: (key) => controller.reconcile(key),
    timer: (_type, key) => controller.writeStatus(key),
    checkpoint: () => controller.checkpoint(),
    restore: (state) => controller.restore(state),
  };
}

class IngressNginx {
  private readonly context: ControllerContext;
  /** Ingresses that get their address at the next round. */
  private readonly waiting = new Set<string>();

  constructor(context: ControllerContext) {
    this.context = context;
  }

  concerns(ingress: Ingress, previous: Ingress | undefined, deleted: boolean): readonly string[] {
    if (deleted || !this.claims(ingress)) return [];
    if (previous === undefined || !isSame(previous, ingress))
      this.context.events.event(objectReference(INGRESSES, ingress), 'Normal', 'Sync', 'Scheduled for sync');
    return [keyOf(ingress)];
  }

  reconcile(key: string): undefined {
    const ingress = this.read(key);
    if (ingress === undefined || !this.claims(ingress) || this.hasAddress(ingress) || this.waiting.has(key)) return undefined;
    this.waiting.add(key);
    const at = (Math.floor(this.context.now() / STATUS_PERIOD_MS) + 1) * STATUS_PERIOD_MS;
    this.context.setTimer({ at, type: 'status', key, background: false });
    return undefined;
  }

  writeStatus(key: string): void {
    this.waiting.delete(key);
    const ingress = this.read(key);
    if (ingress === undefined || !this.claims(ingress)) return;
    const { namespace, name } = splitKey(key);
    const address = this.address();
    this.context.client.modify(INGRESSES, namespace, name, (copy) => void (copy.status = { loadBalancer: { ingress: address } }), 'status');
  }

  checkpoint(): Json {
    return [...this.waiting];
  }

  restore(state: Json): void {
    this.waiting.clear();
    for (const key of (state ?? []) as readonly string[]) this.waiting.add(key);
  }

  private claims(ingress: Ingress): boolean {
    return isClaimedBy(INGRESS_NGINX, ingress, (name) => this.context.client.get(INGRESSCLASSES, '', name));
  }

  private hasAddress({ status }: Ingress): boolean {
    return jsonEqual(status?.loadBalancer?.ingress ?? [], this.address());
  }

  private address(): Draft<IngressLoadBalancerIngress>[] {
    const { ingressAddress } = this.context.options;
    return ingressAddress === undefined ? [] : [{ ...ingressAddress }];
  }

  private read(key: string): Ingress | undefined {
    const { namespace, name } = splitKey(key);
    return this.context.client.get(INGRESSES, namespace, name);
  }
}

function isSame(before: Ingress, after: Ingress): boolean {
  return (
    jsonEqual(before.spec, after.spec) &&
    jsonEqual(before.status, after.status) &&
    jsonEqual(before.metadata.annotations, after.metadata.annotations)
  );
}

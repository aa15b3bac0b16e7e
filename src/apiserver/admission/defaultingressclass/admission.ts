/**
 * DefaultIngressClass: an Ingress that names no class gets the class that is marked as default.
 * Invariant: only on create, and only where neither the field nor the old annotation says anything.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/network/defaultingressclass.
 */
import type { Draft } from '../../../base/json.ts';
import type { Ingress } from '../../../api/schema/types/networking/v1.ts';
import { youngestDefault } from '../defaultClass.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';

export const defaultIngressClass: AdmissionPlugin = { name: 'DefaultIngressClass', admit };

function admit({ operation, strategy, subresource, object }: AdmissionAttributes, world: AdmissionWorld): undefined {
  if (operation !== 'CREATE' || strategy.resource.plural !== 'ingresses' || subresource !== '') return undefined;
  const ingress = object as Draft<Ingress>;
  if (ingress.spec?.ingressClassName !== undefined || ingress.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined)
    return undefined;
  const found = youngestDefault(world.store.list('ingressclasses.networking.k8s.io'), ['ingressclass.kubernetes.io/is-default-class']);
  if (found !== undefined) (ingress.spec ??= {}).ingressClassName = found.metadata.name ?? '';
  return undefined;
}

import type { Ingress, IngressClass } from '../../schema/types/networking/v1.ts';
import { CLASS_ANNOTATION } from './validation.ts';

/** The controller that IngressClasses of ingress-nginx name. */
export const INGRESS_NGINX = 'k8s.io/ingress-nginx';

/** Whether the Ingress is for this controller to carry out. The old annotation names a class, too. */
export function isClaimedBy(controller: string, { metadata, spec }: Ingress, classOf: (name: string) => IngressClass | undefined): boolean {
  const name = spec?.ingressClassName ?? metadata.annotations?.[CLASS_ANNOTATION];
  return name !== undefined && classOf(name)?.spec?.controller === controller;
}

import type { Service } from '../../../api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../../../api/schema/types/discovery/v1.ts';
import type { WebhookClientConfig } from '../../../api/schema/types/admissionregistration/v1.ts';
import { objectKey, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { AdmissionWorld } from '../plugin.ts';

/**
 * What a webhook answers. No program runs behind one here, so its answer is written down, as an annotation of the
 * configuration: `kubepad.dev/webhook.NAME` for the webhook of that name, `kubepad.dev/webhooks` for all of it:
 *
 *     allow               the request may go on
 *     deny TEXT           it may not
 *     warn TEXT           it may, with a warning
 *     patch [OPERATIONS]  it may, after this JSON patch (mutating webhooks)
 *     fail TEXT           the webhook cannot be called
 */
export type WebhookAnswer =
  | { readonly kind: 'allow' }
  | { readonly kind: 'deny' | 'warn' | 'patch' | 'fail'; readonly text: string }
  /** Nothing is written down and the webhook could be reached: it is taken to allow the request, and says so. */
  | { readonly kind: 'assumed' };

export interface Webhook {
  readonly name: string;
  readonly clientConfig: WebhookClientConfig;
  readonly timeoutSeconds?: number;
}

const PREFIX = 'kubepad.dev/webhook';
const SERVICE_LABEL = 'kubernetes.io/service-name';

export function answerOf(configuration: KubeObject, webhook: Webhook, world: AdmissionWorld): WebhookAnswer {
  const { annotations } = configuration.metadata;
  const written = annotations?.[`${PREFIX}.${webhook.name}`] ?? annotations?.[`${PREFIX}s`];
  return written === undefined ? unwritten(webhook, world) : (readAnswer(written) ?? unwritten(webhook, world));
}

function readAnswer(written: string): WebhookAnswer | undefined {
  const match = /^\s*(allow|deny|warn|patch|fail)\b\s*(.*)$/s.exec(written);
  if (match === null) return undefined;
  const kind = match[1] as 'allow' | 'deny' | 'warn' | 'patch' | 'fail';
  return kind === 'allow' ? { kind } : { kind, text: (match[2] ?? '').trim() };
}

/** A webhook that nothing stands behind fails as it would in a real cluster. */
function unwritten({ clientConfig }: Webhook, { store }: AdmissionWorld): WebhookAnswer {
  const { service, url } = clientConfig;
  if (service === undefined) return { kind: 'fail', text: `dial tcp: lookup ${hostOf(url ?? '')}: no such host` };
  const { namespace, name, port = 443 } = service;
  const found = store.get('services', objectKey(namespace, name)) as Service | undefined;
  if (found === undefined) return { kind: 'fail', text: `service "${name}" not found` };
  if (!(found.spec?.ports ?? []).some((entry) => entry.port === port))
    return { kind: 'fail', text: `no service port ${port} found for service "${name}"` };
  const slices = store.list('endpointslices.discovery.k8s.io', namespace) as readonly EndpointSlice[];
  const isReady = slices
    .filter(({ metadata }) => metadata.labels?.[SERVICE_LABEL] === name)
    .some(({ endpoints }) => (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false));
  return isReady ? { kind: 'assumed' } : { kind: 'fail', text: `no endpoints available for service "${name}"` };
}

/** Where the call would go: `https://NAME.NAMESPACE.svc:443/path?timeout=10s`. */
export function addressOf({ clientConfig, timeoutSeconds = 10 }: Webhook): string {
  const { service, url = '' } = clientConfig;
  const path = service?.path ?? '/';
  const target =
    service === undefined
      ? url
      : `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${path.startsWith('/') ? path : `/${path}`}`;
  return `${target}${target.includes('?') ? '&' : '?'}timeout=${timeoutSeconds}s`;
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/:?]+)/.exec(url)?.[1] ?? url;
}

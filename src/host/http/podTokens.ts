import type { Pod } from '../../api/schema/types/core/v1.ts';
import { API_AUDIENCES, type ServiceAccountTokens } from '../../apiserver/authentication/serviceaccount/tokens.ts';

/** From this share of its life on a token is renewed, and after a day in any case. */
const RENEWED_AFTER = 0.8;
const DAY_MS = 86_400_000;
/** So many tokens are kept; asking anew for one of the others is no harm. */
const KEPT = 1_000;

interface Issued {
  readonly token: string;
  readonly renewMs: number;
}

/**
 * The tokens that are mounted into Pods: each of the Pod's account and bound to the Pod, the same until it is renewed.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/token.
 */
export class PodTokens {
  private readonly tokens: ServiceAccountTokens;
  private readonly now: () => number;
  private readonly issued = new Map<string, Issued>();

  constructor(tokens: ServiceAccountTokens, now: () => number) {
    this.tokens = tokens;
    this.now = now;
  }

  /** Empty if the account is not there. */
  token({ metadata, spec }: Pod, audience: string | undefined, expirationSeconds: number): string {
    const namespace = metadata.namespace ?? '';
    const account = this.tokens.account(namespace, spec?.serviceAccountName ?? 'default');
    if (account === undefined) return '';
    const key = [metadata.uid, account.uid, audience ?? '', expirationSeconds].join('/');
    const before = this.issued.get(key);
    const nowMs = this.now();
    if (before !== undefined && nowMs < before.renewMs) return before.token;
    const claims = { namespace, serviceaccount: account, pod: { name: metadata.name ?? '', uid: metadata.uid ?? '' } };
    const token = this.tokens.issue({ claims, audiences: audience === undefined ? API_AUDIENCES : [audience], expirationSeconds });
    this.keep(key, { token, renewMs: nowMs + Math.min(expirationSeconds * 1000 * RENEWED_AFTER, DAY_MS) });
    return token;
  }

  private keep(key: string, issued: Issued): void {
    this.issued.delete(key);
    this.issued.set(key, issued);
    const [oldest] = this.issued.keys();
    if (this.issued.size > KEPT && oldest !== undefined) this.issued.delete(oldest);
  }
}

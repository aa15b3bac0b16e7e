/**
 * Addresses of Pods on one node.
 * Invariant: an address is held by at most one sandbox; freed ones come back only after the others had their turn,
 * as the host-local plugin hands them out.
 */
export interface AddressPool {
  /** `10.244.3.`: what is put before the last number. */
  prefix: string;
  next: number;
  /** Every address was handed out once: from now on one has to look which are free. */
  wrapped: boolean;
  /** Pod uid > last number. */
  readonly held: Record<string, number>;
}

const FIRST = 2;
const LAST = 254;

/** The pool of a Pod CIDR; `10.244.3.0/24` gives 10.244.3.2 to 10.244.3.254. Larger blocks use their first 253 addresses. */
export function addressPool(podCidr: string): AddressPool {
  const prefix = podCidr.split('/')[0]?.replace(/\d+$/, '') ?? '';
  return { prefix, next: FIRST, wrapped: false, held: {} };
}

/** The address of a Pod, the same as long as it is held. When the pool is used up, addresses are shared. */
export function acquire(pool: AddressPool, uid: string): string {
  const known = pool.held[uid];
  if (known !== undefined) return pool.prefix + String(known);
  let candidate = pool.next;
  if (pool.wrapped) {
    const used = new Set(Object.values(pool.held));
    for (let tries = FIRST; tries <= LAST && used.has(candidate); tries++) candidate = after(candidate);
  }
  pool.held[uid] = candidate;
  pool.next = after(candidate);
  pool.wrapped ||= pool.next === FIRST;
  return pool.prefix + String(candidate);
}

export function release(pool: AddressPool, uid: string): void {
  delete pool.held[uid];
}

function after(number: number): number {
  return number >= LAST ? FIRST : number + 1;
}

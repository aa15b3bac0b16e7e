/** Ports on which servers speak TLS by custom, and nothing else. */
export const TLS_PORTS: ReadonlySet<number> = new Set([443, 6443, 8443, 9443, 10250]);

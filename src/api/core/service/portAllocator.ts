/**
 * Which node port a Service gets; a port number counts once for all protocols.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/service/portallocator.
 */
export interface PortAllocator {
  readonly first: number;
  readonly last: number;
  /** Grows as ports are given out. */
  readonly used: Set<number>;
  readonly dryRun: boolean;
  random(): number;
}

/** Reserves a port that was asked for; the text of what is wrong with it. */
export function allocatePort(allocator: PortAllocator, port: number): string | undefined {
  if (allocator.dryRun) return undefined;
  if (port < allocator.first || port > allocator.last) {
    return `provided port is not in the valid range. The range of valid ports is ${allocator.first}-${allocator.last}`;
  }
  if (allocator.used.has(port)) return 'provided port is already allocated';
  allocator.used.add(port);
  return undefined;
}

/**
 * A port that nobody asked for. The lower part of the range is kept for ports that people choose: of 30000-32767, with
 * 2768 ports, the first 86 (a thirty-second, but from 16 to 128). A random start above, then the next free one.
 * Undefined if the range is full.
 */
export function allocateNextPort(allocator: PortAllocator): number | undefined {
  const size = allocator.last - allocator.first + 1;
  const reserved = size <= 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 32)), 128);
  const dynamic = size - reserved;
  const start = Math.floor(allocator.random() * dynamic);
  for (let step = 0; step < size; step++) {
    // First all of the upper part from the start on, then the lower part.
    const port = allocator.first + (step < dynamic ? reserved + ((start + step) % dynamic) : step - dynamic);
    if (allocator.used.has(port)) continue;
    allocator.used.add(port);
    return port;
  }
  return undefined;
}

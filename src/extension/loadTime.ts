/**
 * What the extension costs the extension host until it is there. Imported first, so that all other modules load after it.
 * Invariant: counts the thread's own work (real milliseconds of CPU), which other programs on the machine do not change.
 */
const began = cpuMs();

/** Milliseconds of work since the extension's code began to run. */
export function workSinceLoadMs(): number {
  return cpuMs() - began;
}

export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

import type { Status } from '../../apimachinery/errors/status.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from './plugin.ts';

/** All `admit` in order; the first refusal ends it. */
export function admit(plugins: readonly AdmissionPlugin[], attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  for (const plugin of plugins) {
    const refusal = plugin.admit?.(attributes, world);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** All `validate` in order; the first refusal ends it. */
export function validate(plugins: readonly AdmissionPlugin[], attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  for (const plugin of plugins) {
    const refusal = plugin.validate?.(attributes, world);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

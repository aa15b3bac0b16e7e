/**
 * What validation of a Pod lets pass. A new object gets the strict rules; an update may keep what the stored object
 * has already, so that an object accepted by an older rule can still be changed.
 */
export interface PodValidationOptions {
  /** The spec belongs to a Pod and not to a template inside another object. */
  readonly resourceIsPod: boolean;
  /** The annotation `controller.kubernetes.io/pod-deletion-cost` may hold anything. */
  readonly allowInvalidPodDeletionCost: boolean;
  /** Values in label selectors of Pod affinity need not be label values. */
  readonly allowInvalidLabelValueInSelector: boolean;
  /** Values in required node affinity need not be label values. */
  readonly allowInvalidLabelValueInRequiredNodeAffinity: boolean;
  readonly allowInvalidTopologySpreadSelector: boolean;
  readonly allowIndivisibleHugePages: boolean;
  readonly allowNonLocalProjectedTokenPath: boolean;
  readonly allowNamespacedSysctlsForHostNamespaces: boolean;
}

export const STRICT: PodValidationOptions = {
  resourceIsPod: false,
  allowInvalidPodDeletionCost: false,
  allowInvalidLabelValueInSelector: false,
  allowInvalidLabelValueInRequiredNodeAffinity: false,
  allowInvalidTopologySpreadSelector: false,
  allowIndivisibleHugePages: false,
  allowNonLocalProjectedTokenPath: false,
  allowNamespacedSysctlsForHostNamespaces: false,
};

export const STRICT_POD: PodValidationOptions = { ...STRICT, resourceIsPod: true };

/**
 * The options for an update: a rule is relaxed when the old object fails with it and passes without it. Asking the
 * validation itself keeps this true for every rule without a second copy of it.
 *
 * @param countErrors how many errors the old object has under the options given
 */
export function optionsForUpdate(base: PodValidationOptions, countErrors: (options: PodValidationOptions) => number): PodValidationOptions {
  const strict = countErrors(base);
  if (strict === 0) return base;
  let options = base;
  for (const rule of RELAXABLE) {
    const relaxed = { ...options, [rule]: true };
    if (countErrors(relaxed) < countErrors(options)) options = relaxed;
  }
  return options;
}

const RELAXABLE = [
  'allowInvalidPodDeletionCost',
  'allowInvalidLabelValueInSelector',
  'allowInvalidLabelValueInRequiredNodeAffinity',
  'allowInvalidTopologySpreadSelector',
  'allowIndivisibleHugePages',
  'allowNonLocalProjectedTokenPath',
  'allowNamespacedSysctlsForHostNamespaces',
] as const satisfies readonly (keyof PodValidationOptions)[];

import type { FargateProfile, FargateSelector } from '../../api/kubepad/clusterconfig/fargate.ts';

export const PROFILE_LABEL = 'eks.amazonaws.com/fargate-profile';

type Labels = Readonly<Record<string, string>>;

/** Of several profiles that fit, the first one by name, unless the Pod's label says which. */
export function profileOf(profiles: readonly FargateProfile[], namespace: string, labels: Labels = {}): string | undefined {
  const fitting = profiles.filter(({ selectors }) => selectors.some((selector) => fits(selector, namespace, labels)));
  const names = fitting.map(({ name }) => name).toSorted();
  const asked = labels[PROFILE_LABEL];
  return asked === undefined ? names[0] : names.find((name) => name === asked);
}

function fits(selector: FargateSelector, namespace: string, labels: Labels): boolean {
  if (!like(selector.namespace, namespace)) return false;
  return Object.entries(selector.labels ?? {}).every(([key, value]) =>
    Object.entries(labels).some(([name, actual]) => like(key, name) && like(value, actual)),
  );
}

/** Goes back to the last `*` only, so that no pattern takes longer than its length times the text's. */
function like(pattern: string, text: string): boolean {
  let [at, place, star, tried] = [0, 0, -1, 0];
  while (place < text.length) {
    const char = pattern[at];
    if (char === '*') {
      star = at++;
      tried = place;
    } else if (char === '?' || char === text[place]) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++tried;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

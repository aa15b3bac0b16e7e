/** Kubernetes' order of versions: v2 before v1 before v1beta2 before v1alpha1, then other names by their letters. Counterpart: k8s.io/apimachinery/pkg/version.CompareKubeAwareVersionStrings. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [parse(left), parse(right)];
  if (a === undefined && b === undefined) return left < right ? -1 : left > right ? 1 : 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return b.stage - a.stage || b.major - a.major || b.minor - a.minor;
}

const STAGES: Readonly<Record<string, number>> = { alpha: 1, beta: 2 };
const GA = 3;

function parse(version: string): { readonly major: number; readonly stage: number; readonly minor: number } | undefined {
  const parts = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (parts === null) return undefined;
  return { major: Number(parts[1]), stage: parts[2] === undefined ? GA : (STAGES[parts[2]] ?? 0), minor: Number(parts[3] ?? 0) };
}

import type { Path } from '../apimachinery/field/path.ts';
import type { Judge, Problem } from './judge.ts';
import { nearest } from './suggest.ts';

export function isServed(judge: Judge, apiVersion: string, kind: string): boolean {
  return judge.kinds.has(`${apiVersion}/${kind}`);
}

/** Undefined: the kind is served. An empty list: it may be a custom resource, which nobody here can judge. */
export function unknownKind(
  judge: Judge,
  apiVersion: string | undefined,
  kind: string | undefined,
  at: Path,
): readonly Problem[] | undefined {
  const problem = (field: string, code: string, message: string): readonly Problem[] => [
    { code, severity: 'error', path: at.child(field), message },
  ];
  if (apiVersion === undefined || apiVersion === '') return problem('apiVersion', 'FieldValueRequired', 'apiVersion not set');
  if (kind === undefined || kind === '') return problem('kind', 'FieldValueRequired', 'kind not set');
  if (isServed(judge, apiVersion, kind)) return undefined;
  if (NOT_SERVED.has(`${apiVersion}/${kind}`)) return [];
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.lastIndexOf('/')) : '';
  const groups = new Set([...judge.kinds].map(groupOf));
  if (!groups.has(group) && !REMOVED_GROUPS.has(group)) return [];
  const versions = new Set([...judge.kinds].map((each) => each.slice(0, each.lastIndexOf('/'))));
  // A known version does not have the kind: the kind is wrong. Else the version is.
  const field = versions.has(apiVersion) && !hasKind(judge, kind) ? 'kind' : 'apiVersion';
  return problem(field, 'UnknownKind', `no matches for kind "${kind}" in version "${apiVersion}"`);
}

/** Texts in the form of objects that are for a program and not for a cluster: `kubepad test` judges them. */
const NOT_SERVED: ReadonlySet<string> = new Set(['kubepad.dev/v1/Scenario']);

/** Groups of former releases that 1.36 does not serve at all. */
const REMOVED_GROUPS: ReadonlySet<string> = new Set(['extensions']);

function groupOf(served: string): string {
  const parts = served.split('/');
  return parts.length === 3 ? (parts[0] ?? '') : '';
}

function hasKind(judge: Judge, kind: string): boolean {
  return [...judge.kinds].some((served) => served.endsWith(`/${kind}`));
}

/** `apps/v1` for a kind that is served elsewhere; undefined if there is none. */
export function servedVersion(judge: Judge, kind: string): string | undefined {
  const found = [...judge.kinds].find((served) => served.endsWith(`/${kind}`));
  return found?.slice(0, found.lastIndexOf('/'));
}

export function nearestKind(judge: Judge, apiVersion: string, kind: string): string | undefined {
  const prefix = `${apiVersion}/`;
  const kinds = [...judge.kinds].filter((served) => served.startsWith(prefix)).map((served) => served.slice(prefix.length));
  return nearest(kind, kinds) ?? nearest(kind, new Set([...judge.kinds].map((served) => served.slice(served.lastIndexOf('/') + 1))));
}

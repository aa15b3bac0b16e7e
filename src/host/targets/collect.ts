/**
 * All objects of a real cluster, for a snapshot of it.
 * Invariant: reads only; a resource that the user may not list is told and passed over. Counterpart: velero backup, kubectl get --all.
 */
import { isRecord } from '../../manifest/recognise.ts';
import type { Rest, RestAnswer } from '../../kubectl/rest.ts';

export interface Collected {
  readonly objects: readonly unknown[];
  /** Why resources are missing, each a sentence. */
  readonly remarks: readonly string[];
}

interface Listed {
  readonly path: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
}

const PAGE = '500';
const GONE = 410;
/** What tells of a moment, or would be made anew: not worth the way. */
const PASSED: ReadonlySet<string> = new Set(['events', 'leases', 'componentstatuses', 'endpointslices', 'csinodes', 'volumeattachments']);
/** Computed by the server for each question. */
const PASSED_GROUPS: readonly RegExp[] = [/(^|\.)metrics\.k8s\.io$/, /^events\.k8s\.io$/];

/**
 * @param onProgress of so many resources so many are read
 * @throws Error if the server does not say what it serves
 */
export async function collectObjects(rest: Rest, onProgress: (done: number, total: number) => void = () => undefined): Promise<Collected> {
  const resources = await discover(rest);
  const objects: unknown[] = [];
  const remarks: string[] = [];
  for (const [index, resource] of resources.entries()) {
    onProgress(index, resources.length);
    const refused = await list(rest, resource, objects);
    if (refused !== undefined) remarks.push(`${resource.name} are missing: ${refused}`);
  }
  onProgress(resources.length, resources.length);
  return { objects, remarks };
}

/** Each resource once, in the version that its group prefers. */
async function discover(rest: Rest): Promise<readonly Listed[]> {
  const groups = await rest.request({ method: 'GET', path: '/apis' });
  if (groups.code !== 200 || !isRecord(groups.body)) throw new Error(messageOf(groups));
  const named = (groups.body['groups'] ?? []) as readonly {
    readonly name: string;
    readonly preferredVersion?: { readonly groupVersion: string };
  }[];
  const versions = named.flatMap(({ name, preferredVersion }) =>
    preferredVersion === undefined || PASSED_GROUPS.some((passed) => passed.test(name)) ? [] : [preferredVersion.groupVersion],
  );
  const found: Listed[] = [];
  for (const version of ['v1', ...versions]) {
    const root = version === 'v1' ? '/api/v1' : `/apis/${version}`;
    const { code, body } = await rest.request({ method: 'GET', path: root });
    // A group whose own server is away is no reason to stop.
    if (code !== 200 || !isRecord(body)) continue;
    const resources = (body['resources'] ?? []) as readonly {
      readonly name: string;
      readonly kind: string;
      readonly verbs?: readonly string[];
    }[];
    for (const { name, kind, verbs = [] } of resources)
      if (verbs.includes('list') && !name.includes('/') && !PASSED.has(name))
        found.push({ path: `${root}/${name}`, name, apiVersion: version, kind });
  }
  return found;
}

/** @returns why there is no list */
async function list(rest: Rest, { path, apiVersion, kind }: Listed, objects: unknown[]): Promise<string | undefined> {
  const begin = objects.length;
  let query: Readonly<Record<string, string>> = { limit: PAGE };
  for (;;) {
    const answer = await rest.request({ method: 'GET', path, query });
    // The pages took longer than the server remembers: all at once, or it would go on like this for ever.
    if (answer.code === GONE && query['continue'] !== undefined) {
      objects.length = begin;
      query = {};
      continue;
    }
    if (answer.code !== 200 || !isRecord(answer.body)) return messageOf(answer);
    // Items of a list do not say what they are.
    for (const item of (answer.body['items'] ?? []) as readonly object[]) objects.push({ apiVersion, kind, ...item });
    const { continue: next = '' } = (answer.body['metadata'] ?? {}) as { readonly continue?: string };
    if (next === '') return undefined;
    query = { limit: PAGE, continue: next };
  }
}

function messageOf({ code, body }: RestAnswer): string {
  return isRecord(body) && typeof body['message'] === 'string' ? body['message'] : `the server answered ${code}`;
}

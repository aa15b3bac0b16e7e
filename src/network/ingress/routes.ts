import type { HTTPIngressPath, Ingress, IngressBackend } from '../../api/schema/types/networking/v1.ts';
import { compileGoRegexp } from '../../apimachinery/regex/goRegexp.ts';

/** Where a request goes, and the path that the Service behind it is asked for. */
export interface IngressRoute {
  readonly ingress: Ingress;
  readonly backend: IngressBackend;
  readonly path: string;
}

const REWRITE = 'nginx.ingress.kubernetes.io/rewrite-target';
const USE_REGEX = 'nginx.ingress.kubernetes.io/use-regex';

interface Candidate {
  readonly ingress: Ingress;
  readonly path: HTTPIngressPath;
}

/**
 * The rule that a request meets. The server of the host decides (its own name, else the wildcard one level up, else the one for all);
 * within it an exact path, then the longest. Where two Ingresses say the same, the older one counts.
 * Worked example: with the paths `/` and `/shop` (Prefix), `/shop/cart` goes to `/shop`, `/shopping` to `/`.
 * Undefined: nobody's, which is the controller's own 404. @param ingresses of the controller's class, oldest first
 */
export function routeOf(ingresses: readonly Ingress[], host: string, path: string): IngressRoute | undefined {
  const server = serverOf(ingresses, host);
  const mine = ingresses.filter(({ spec }) => (spec?.rules ?? []).some((rule) => (rule.host ?? '') === server));
  const candidates = mine.flatMap((ingress) =>
    (ingress.spec?.rules ?? [])
      .filter((rule) => (rule.host ?? '') === server)
      .flatMap((rule) => (rule.http?.paths ?? []).map((each): Candidate => ({ ingress, path: each }))),
  );
  const byExpression = mine.some(usesExpressions);
  const found = byExpression ? byLongestExpression(candidates, path) : byPath(candidates, path);
  if (found !== undefined) return { ingress: found.ingress, backend: found.path.backend, path: rewritten(found, path) };
  const fallback = [...mine, ...(server === '' ? ingresses.filter(({ spec }) => (spec?.rules ?? []).length === 0) : [])];
  const ingress = fallback.find(({ spec }) => spec?.defaultBackend !== undefined);
  const backend = ingress?.spec?.defaultBackend;
  return ingress === undefined || backend === undefined ? undefined : { ingress, backend, path };
}

function serverOf(ingresses: readonly Ingress[], host: string): string {
  const hosts = new Set(ingresses.flatMap(({ spec }) => (spec?.rules ?? []).map((rule) => rule.host ?? '')));
  if (hosts.has(host)) return host;
  const wildcard = host.includes('.') ? `*${host.slice(host.indexOf('.'))}` : '';
  return hosts.has(wildcard) ? wildcard : '';
}

function byPath(candidates: readonly Candidate[], path: string): Candidate | undefined {
  const exact = candidates.find((each) => each.path.pathType === 'Exact' && textOf(each) === path);
  if (exact !== undefined) return exact;
  return longest(candidates.filter((each) => isPrefix(each, path)));
}

/** Prefix goes by whole elements of the path; ImplementationSpecific is nginx's own: by letters. */
function isPrefix(candidate: Candidate, path: string): boolean {
  const text = textOf(candidate);
  if (candidate.path.pathType === 'Exact') return false;
  if (candidate.path.pathType === 'ImplementationSpecific') return path.startsWith(text);
  const bare = text.replace(/\/$/, '');
  return path === bare || path.startsWith(`${bare}/`);
}

function longest(candidates: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const each of candidates) if (best === undefined || textOf(each).length > textOf(best).length) best = each;
  return best;
}

function usesExpressions({ metadata }: Ingress): boolean {
  return metadata.annotations?.[REWRITE] !== undefined || metadata.annotations?.[USE_REGEX] === 'true';
}

/** Where one Ingress of a host asks for expressions, all paths of the host are some: from the start, whatever the case. */
function byLongestExpression(candidates: readonly Candidate[], path: string): Candidate | undefined {
  return longest(candidates.filter((each) => groupsOf(each, path) !== undefined));
}

function groupsOf(candidate: Candidate, path: string): readonly string[] | undefined {
  const compiled = compileGoRegexp(`(?i)^${textOf(candidate)}`);
  return 'regexp' in compiled ? compiled.regexp.groups(path) : undefined;
}

/** `/something(/|$)(.*)` with the target `/$2` makes `/new` of `/something/new`. */
function rewritten(candidate: Candidate, path: string): string {
  const target = candidate.ingress.metadata.annotations?.[REWRITE];
  if (target === undefined || target === '') return path;
  const groups = groupsOf(candidate, path) ?? [];
  return target.replaceAll(/\$(\d)/g, (_text, digit: string) => groups[Number(digit)] ?? '');
}

function textOf({ path }: Candidate): string {
  return path.path === undefined || path.path === '' ? '/' : path.path;
}

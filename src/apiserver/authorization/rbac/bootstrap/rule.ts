import type { PolicyRule } from '../../../../api/schema/types/rbac/v1.ts';

/**
 * A rule in short: `VERBS | GROUPS | RESOURCES`, with `| NAMES` where only some objects are meant, or `VERBS > PATHS`.
 * Words are separated by blanks; `core` is the group without a name; `read`, `write` and `events` stand for what their
 * expansions below say. Lists come out sorted, as the API server makes them.
 */
export function rule(text: string): PolicyRule {
  if (text === 'events') return rule('create patch update | core events.k8s.io | events');
  const [verbs = '', urls] = text.split(' > ');
  if (urls !== undefined) return { verbs: words(verbs), nonResourceURLs: words(urls) };
  const [acts = '', groups = '', resources = '', names] = text.split(' | ');
  return {
    verbs: words(acts.replace(/\bread\b/, READ).replace(/\bwrite\b/, WRITE)),
    apiGroups: words(groups)
      .map((group) => (group === 'core' ? '' : group))
      .toSorted(),
    resources: words(resources),
    ...(names === undefined ? {} : { resourceNames: words(names) }),
  };
}

const READ = 'get list watch';
const WRITE = 'create delete deletecollection patch update';

function words(text: string): string[] {
  return [...new Set(text.split(' ').filter((word) => word !== ''))].toSorted();
}

/**
 * Addresses of objects that lead into VS Code from anywhere: `vscode://kubepad.kubepad/object?apiVersion=apps/v1&kind=Deployment&namespace=shop&name=web`
 * opens the panel (`&tab=why` its causes), `/reveal?…` the row of the tree.
 * Invariant: pure; what `linkQuery` writes, `parseLink` reads. Counterpart: none.
 */
import type { ObjectTab } from '../../host/panels/object/model.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import { targetOf } from '../cluster/target.ts';

export type Link =
  { readonly to: 'object'; readonly ref: ObjectRef; readonly tab: ObjectTab } | { readonly to: 'reveal'; readonly ref: ObjectRef };

const TABS: ReadonlySet<string> = new Set([
  'state',
  'impact',
  'why',
  'life',
  'scheduling',
  'family',
  'events',
] satisfies readonly ObjectTab[]);

export function linkQuery({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return new URLSearchParams({ apiVersion, kind, ...(namespace === '' ? {} : { namespace }), name }).toString();
}

/** Undefined: it names no object. */
export function parseLink({ path, query }: { readonly path: string; readonly query: string }): Link | undefined {
  const asked = new URLSearchParams(query);
  const ref = targetOf({ ref: Object.fromEntries(asked) })?.ref;
  if (ref === undefined || ref.name === '') return undefined;
  if (path === '/reveal') return { to: 'reveal', ref };
  const tab = asked.get('tab') ?? '';
  return path === '/object' ? { to: 'object', ref, tab: isTab(tab) ? tab : 'state' } : undefined;
}

function isTab(text: string): text is ObjectTab {
  return TABS.has(text);
}

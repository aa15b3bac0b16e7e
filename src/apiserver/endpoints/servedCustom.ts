import type { CustomKind } from '../../api/apiextensions/customresource/kind.ts';
import { contentHash } from './discovery/contentHash.ts';
import type { ServedResource, Subresource } from './served.ts';

const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];

/** A version of a custom resource as discovery shows it. */
export function servedCustom({ type, version, strategy }: CustomKind): ServedResource {
  const subresources: Subresource[] = [];
  if (version.subresources?.status !== undefined)
    subresources.push({ name: 'status', group: '', version: '', kind: type.kind, verbs: SUBRESOURCE_VERBS });
  if (version.subresources?.scale !== undefined)
    subresources.push({ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: SUBRESOURCE_VERBS });
  return {
    type,
    singular: strategy.singular,
    shortNames: strategy.shortNames,
    categories: strategy.categories,
    verbs: VERBS,
    subresources,
    storageVersionHash: storageHash(`${type.group}/${type.storageVersion}/${type.kind}`),
    strategy,
  };
}

/** The form of the real hash: the first eight bytes in base64. */
function storageHash(text: string): string {
  return btoa(String.fromCharCode(...(contentHash(text).slice(0, 16).match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))));
}

/** Names of images, as far as defaults need them. */

/** An image that may change under its name is pulled each time; one with a version is not. */
export function defaultPullPolicy(image: string): 'Always' | 'IfNotPresent' {
  return imageTag(image) === 'latest' ? 'Always' : 'IfNotPresent';
}

/**
 * The tag of a reference; `latest` where there is neither tag nor digest, and empty for a digest or a name that is no
 * reference at all.
 */
export function imageTag(image: string): string {
  const at = image.indexOf('@');
  const named = at < 0 ? image : image.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tag = colon > named.lastIndexOf('/') ? named.slice(colon + 1) : undefined;
  const name = tag === undefined ? named : named.slice(0, colon);
  if (
    !REFERENCE.test(name) ||
    repositoryLength(name) > MAX_REPOSITORY ||
    (tag !== undefined && !TAG.test(tag)) ||
    !isRepositoryName(name, named)
  )
    return '';
  if (tag !== undefined) return tag;
  return at < 0 ? 'latest' : '';
}

/** A name that could be taken for an image ID is none, nor is one whose path within its registry is too long. */
function isRepositoryName(name: string, named: string): boolean {
  if (IMAGE_ID.test(named)) return false;
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = first.includes('.') || first.includes(':') || first === 'localhost' || first !== first.toLowerCase();
  const path = hasRegistry ? name.slice(slash + 1) : slash < 0 ? `library/${name}` : name;
  return path.length <= MAX_PATH_LENGTH;
}

const IMAGE_ID = /^[a-f0-9]{64}$/;
const MAX_PATH_LENGTH = 255;
/** The path within a registry; a single name is one of the default registry's library. */
function repositoryLength(name: string): number {
  return name.includes('/') ? name.length : `library/${name}`.length;
}

const MAX_REPOSITORY = 255;
const TAG = /^\w[\w.-]{0,127}$/;
/** Host with port, then lower-case path elements. */
const REFERENCE =
  /^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

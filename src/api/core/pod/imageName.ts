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
  if (!REFERENCE.test(name) || (tag !== undefined && !TAG.test(tag))) return '';
  if (tag !== undefined) return tag;
  return at < 0 ? 'latest' : '';
}

const TAG = /^\w[\w.-]{0,127}$/;
/** Host with port, then lower-case path elements. */
const REFERENCE =
  /^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

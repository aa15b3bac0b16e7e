/**
 * Names of images: which are valid, and whether one asks for the tag `latest`.
 * Counterpart: github.com/distribution/reference and k8s.io/kubernetes/pkg/util/parsers.
 */

/** Undefined if the name is a valid reference, else what is wrong with it, in the words of the reference parser. */
export function referenceError(image: string): string | undefined {
  if (REFERENCE.test(image)) return undefined;
  const { path } = split(image);
  if (path.toLowerCase() !== path && REFERENCE.test(image.replace(path, path.toLowerCase().replaceAll(' ', '')))) {
    return `invalid reference format: repository name (${path}) must be lowercase`;
  }
  return 'invalid reference format';
}

/** The whole text of an InspectFailed event and InvalidImageName state. */
export function invalidNameText(image: string, error: string): string {
  return `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${error}`;
}

/** `docker.io/library/nginx:1.27@sha256:…` is `nginx`. */
export function imageBaseName(image: string): string {
  const path = image.split('@')[0] ?? image;
  return (path.split('/').at(-1) ?? path).split(':')[0] ?? path;
}

const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const DOMAIN = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\\d+)?/)?';
const REFERENCE = new RegExp(
  `^${DOMAIN}${COMPONENT}(?:/${COMPONENT})*(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?$`,
);

/** The repository path without registry, tag and digest. */
function split(image: string): { readonly path: string } {
  const name = (image.split('@')[0] ?? image).replace(/:[^/:]*$/, '');
  const slash = name.indexOf('/');
  const domain = slash < 0 ? '' : name.slice(0, slash);
  const isDomain = domain.includes('.') || domain.includes(':') || domain === 'localhost';
  return { path: isDomain ? name.slice(slash + 1) : name };
}

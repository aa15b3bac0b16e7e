/**
 * What is wrong with the name of an image, in the words of a container runtime.
 * Counterpart: github.com/distribution/reference and k8s.io/kubernetes/pkg/util/parsers.
 */
import { parseReference, splitDomain } from '../../api/kubepad/image/reference.ts';

/** Undefined if the name is a valid reference, else what is wrong with it, in the words of the reference parser. */
export function referenceError(image: string): string | undefined {
  if (parseReference(image) !== undefined) return undefined;
  const { path } = splitDomain((image.split('@')[0] ?? image).replace(/:[^/:]*$/, ''));
  if (path.toLowerCase() !== path && parseReference(image.replace(path, path.toLowerCase().replaceAll(' ', ''))) !== undefined) {
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

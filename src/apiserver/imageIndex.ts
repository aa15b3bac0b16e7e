/** Images found by their repository and by their digest. */
import { parseReference, repositoryName } from '../api/kubepad/image/reference.ts';
import { IMAGES, type Image } from '../api/kubepad/image/types.ts';
import { groupResource } from '../apimachinery/meta/resource.ts';
import type { Store } from './storage/store.ts';

const RESOURCE = groupResource(IMAGES);
const REPOSITORY = 'spec.repository';
const DIGEST = 'status.digest';

export function addImageIndexes(store: Store): void {
  store.addIndex(RESOURCE, REPOSITORY, (object) => {
    const reference = parseReference((object as Image).spec?.repository ?? '');
    return reference === undefined ? [] : [repositoryName(reference)];
  });
  store.addIndex(RESOURCE, DIGEST, (object) => {
    const digest = (object as Image).status?.digest;
    return digest === undefined ? [] : [digest];
  });
}

/** @param name the whole one, such as `docker.io/library/web` */
export function imagesInRepository(store: Store, name: string): readonly Image[] {
  return store.byIndex(RESOURCE, REPOSITORY, name) as readonly Image[];
}

export function imagesWithDigest(store: Store, digest: string): readonly Image[] {
  return store.byIndex(RESOURCE, DIGEST, digest) as readonly Image[];
}

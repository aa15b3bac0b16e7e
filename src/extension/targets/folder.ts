import type { ObjectRef } from '../../host/protocol/view.ts';
import type { WorkerHost } from '../host/workerHost.ts';

/** Where texts about an object stand: those of a real cluster in a folder of its own. Empty for what lies in no namespace. */
export function folderOf({ namespace }: Pick<ObjectRef, 'namespace'>, { real }: Pick<WorkerHost, 'real'>): string {
  // Two slashes at the beginning would be no address.
  return [...(real === undefined ? [] : [real.context.replaceAll('/', '~')]), namespace]
    .map((part) => (part === '' ? '' : `/${part}`))
    .join('');
}

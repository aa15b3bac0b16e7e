/**
 * Deletes bootstrap tokens when their time is over. Counterpart: k8s.io/kubernetes/pkg/controller/bootstrap.TokenCleaner.
 */
import { SECRETS } from '../../api/schema/resources.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const NAMESPACE = 'kube-system';
const TYPE = 'bootstrap.kubernetes.io/token';

export function createTokenCleaner(context: ControllerContext): Controller {
  const { client } = context;
  return {
    watches: [
      watch(SECRETS, (secret, _previous, deleted) =>
        !deleted && secret.type === TYPE && secret.metadata.namespace === NAMESPACE ? [keyOf(secret)] : [],
      ),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const secret = client.get(SECRETS, namespace, name);
      const expiration = secret?.data?.['expiration'];
      if (secret === undefined || expiration === undefined) return undefined;
      const end = expirationOf(expiration);
      const left = end - context.now();
      if (left > 0) return { requeueAfterMs: left, background: true };
      client.delete(SECRETS, namespace, name);
      return undefined;
    },
  };
}

/** A time that cannot be read is over, so that nothing is let in by it. */
function expirationOf(encoded: string): number {
  try {
    const time = parseTime(atob(encoded));
    return Number.isNaN(time) ? 0 : time;
  } catch {
    return 0;
  }
}

/**
 * The cluster that `kubepad validate` asks: the one that the user's kubeconfig leads to, or a simulated one that is kept in a file.
 * Invariant: nothing is ever written to either. Counterpart: kubectl's --kubeconfig and --context.
 */
import type { Rest } from '../../../kubectl/rest.ts';
import { chosenContext } from '../chosenContext.ts';

/** Which cluster is asked. */
export interface ClusterChoice {
  /** A file of `serve --data` or of the editor; else the kubeconfig leads the way. */
  readonly data: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** For objects that name none; undefined: that of the context. */
  readonly namespace: string | undefined;
}

export interface ClusterAccess {
  readonly rest: Rest;
  /** Each request stands for itself; else it goes to a copy, in which what came before is there. */
  readonly dryRun: boolean;
  readonly namespace: string;
}

/** @throws Error that says why the cluster cannot be asked */
export async function openCluster(choice: ClusterChoice): Promise<ClusterAccess> {
  if (choice.data !== undefined) {
    const { openKeptCluster } = await import('./keptCluster.ts');
    return openKeptCluster(choice.data, choice.namespace ?? 'default');
  }
  const { transport: rest, namespace } = await chosenContext(choice);
  const { code, body } = await rest.request({ method: 'GET', path: '/version' });
  if (code !== 200) throw new Error(`the cluster answers ${code} ${typeof body === 'string' ? body.trim() : JSON.stringify(body)}`);
  return { rest, dryRun: true, namespace: choice.namespace ?? namespace };
}

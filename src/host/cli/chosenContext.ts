/** The real cluster that `--kubeconfig` and `--context` lead to, as they lead kubectl. */
import { kubeconfigFiles, readKubeconfig } from '../targets/kubeconfig.ts';
import type { Transport } from '../targets/transport.ts';

export interface ContextFlags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/**
 * @returns what sends requests, and the namespace of objects that name none
 * @throws Error if the kubeconfig does not lead to a cluster
 */
export async function chosenContext({
  kubeconfig = '',
  context,
}: ContextFlags): Promise<{ readonly transport: Transport; readonly namespace: string }> {
  const known = readKubeconfig(kubeconfigFiles(kubeconfig));
  const name = context ?? known.contexts.find(({ current }) => current)?.name;
  const config = name === undefined ? undefined : known.only(name);
  if (config === undefined) {
    const what = name === undefined ? 'the kubeconfig has no current context' : `the kubeconfig has no context ${name} with a cluster`;
    throw new Error([what, ...known.problems].join('; '));
  }
  const { createTransport } = await import('../targets/transport.ts');
  const namespace = known.contexts.find((each) => each.name === name)?.namespace ?? '';
  return { transport: createTransport(() => config), namespace: namespace === '' ? 'default' : namespace };
}

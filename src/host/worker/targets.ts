/**
 * Which cluster is shown: the simulated one, or a real one of the user's kubeconfig.
 * Invariant: one at a time; a real one that cannot be reached changes nothing; what it takes to speak to one is loaded when one is wanted.
 * Counterpart: kubectl config use-context, which writes the kubeconfig; nothing here does.
 */
import type { MessageConnection } from 'vscode-jsonrpc';
import { RealLogs } from '../targets/logs.ts';
import { kubeconfigFiles, readKubeconfig, type Kubeconfig } from '../targets/kubeconfig.ts';
import { RealCluster } from '../targets/realCluster.ts';
import type { LogsAppended } from '../protocol/protocol.ts';
import { targetRequests, type ConnectedTarget, type ConnectTargetParams } from '../protocol/target.ts';

export interface Real {
  readonly cluster: RealCluster;
  readonly logs: RealLogs;
}

export interface TargetsOptions {
  /** Shows a real cluster; undefined: the simulated one. */
  readonly show: (real: Real | undefined) => void;
  /** The connection to the one that is shown was lost, or is there again. */
  readonly changed: () => void;
  readonly tellLogs: (appended: LogsAppended) => void;
}

export class Targets {
  private readonly options: TargetsOptions;
  private shown: Real | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: TargetsOptions) {
    this.options = options;
  }

  handle(connection: MessageConnection): void {
    connection.onRequest(targetRequests.contexts, ({ kubeconfig }) => {
      const { contexts, problems } = readKubeconfig(kubeconfigFiles(kubeconfig));
      return { contexts, problems };
    });
    connection.onRequest(targetRequests.connect, (params) => this.inTurn(() => this.connect(params)));
    connection.onRequest(targetRequests.leave, () =>
      this.inTurn(() => {
        this.leave();
        return Promise.resolve(null);
      }),
    );
  }

  private async connect({ kubeconfig, context }: ConnectTargetParams): Promise<ConnectedTarget> {
    const files = kubeconfigFiles(kubeconfig);
    const known = readKubeconfig(files);
    const about = known.contexts.find(({ name }) => name === context);
    if (about === undefined || known.only(context) === undefined)
      return { error: [`The kubeconfig has no context ${context} with a cluster.`, ...known.problems].join(' ') };
    try {
      const { createTransport } = await import('../targets/transport.ts');
      const cluster: RealCluster = await RealCluster.connect({
        // Read again where credentials are refused: another program may have renewed them.
        transport: createTransport(() => configOf(readKubeconfig(files), context)),
        context,
        server: about.server,
        namespace: about.namespace,
        onState: () => {
          if (this.shown?.cluster === cluster) this.options.changed();
        },
      });
      const former = this.shown;
      const logs = new RealLogs(cluster.transport, (follow, text) => this.options.tellLogs({ follow, text }));
      this.shown = { cluster, logs };
      this.options.show(this.shown);
      end(former);
      return { target: cluster.target };
    } catch (error) {
      return { error: reasonOf(error) };
    }
  }

  /** Shows the simulated cluster again, if a real one is shown. */
  leave(): void {
    const former = this.shown;
    if (former === undefined) return;
    this.shown = undefined;
    this.options.show(undefined);
    end(former);
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.queue.then(act);
    this.queue = done.catch(() => undefined);
    return done;
  }
}

function end(real: Real | undefined): void {
  real?.logs.dispose();
  real?.cluster.dispose();
}

function configOf(config: Kubeconfig, context: string): object {
  const found = config.only(context);
  if (found === undefined) throw new Error(`The kubeconfig has no context ${context} any more.`);
  return found;
}

/** Some of Node's errors have a message only in what they were caused by. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

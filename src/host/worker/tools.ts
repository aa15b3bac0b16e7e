/**
 * Tools in the editor's cluster, the one that views show, and in forks of it.
 * Invariant: what tools write is journalled and seen like what a person does; forks live in memory and as long as their origin.
 */
import type { MessageConnection } from 'vscode-jsonrpc';
import type { ClusterOptions } from '../../cluster/options.ts';
import type { Judge } from '../../manifest/judge.ts';
import { tellExtension, type ClusterInfo } from '../protocol/protocol.ts';
import { toolRequests } from '../protocol/tool.ts';
import { Clusters } from '../tools/clusters.ts';
import { toolOf } from '../tools/registry.ts';
import { failed } from '../tools/tool.ts';
import type { Session } from './session.ts';

/** @param reset starts a new cluster for everybody */
export function handleToolRequests(
  connection: MessageConnection,
  judge: Judge,
  session: () => Session,
  reset: (planned: Partial<ClusterOptions>) => ClusterInfo,
): void {
  const clusters = new Clusters({
    main: () => {
      const { cluster, rest, driver } = session();
      return { cluster, rest, sync: () => driver.sync(), run: (ahead, token) => driver.runAhead(ahead, token) };
    },
    reset: ({ preset, nodes }) => {
      const { clock } = reset({ ...(preset === undefined ? {} : { preset }), ...(nodes === undefined ? {} : { nodes }) });
      void connection.sendNotification(tellExtension.clockChanged, clock);
    },
  });
  connection.onRequest(
    toolRequests.call,
    ({ tool, input }, token) =>
      toolOf(tool)?.call({ clusters, judge, token }, input) ?? Promise.resolve(failed(`There is no tool ${String(tool)}.`)),
  );
}

/** Virtual machines and containers side by side, as a panel: from a node of the tree, or the node with most Pods. */
import * as vscode from 'vscode';
import { remoteRequests } from '../../host/protocol/remote.ts';
import type { ComparisonQuery } from '../../host/panels/comparison/model.ts';
import type { ComparisonCommand } from '../../webview/comparison/protocol.ts';
import { targetOf } from '../cluster/target.ts';
import { commands } from '../ids.ts';
import { registerPanels, viewTypes } from '../panel/panels.ts';
import type { Services } from '../services.ts';
import { registerSimulated } from '../targets/simulatedOnly.ts';

export function registerComparison(services: Services): vscode.Disposable {
  const { host, texts } = services;
  const panels = registerPanels<ComparisonQuery, ComparisonCommand>(services, {
    surface: 'comparison',
    viewType: viewTypes.comparison,
    icon: 'split-horizontal',
    title: () => 'Containers and VMs',
    key: () => '',
    async run(_, { node }) {
      const compared = await host.request(remoteRequests.compare, { node });
      if (compared !== null) await texts.show(`/${compared.host}.vms-and-containers.txt`, compared.text);
    },
  });
  return vscode.Disposable.from(
    panels,
    registerSimulated(host, commands.compareWithVms, 'figures for a comparison', (argument?: unknown) => {
      const ref = targetOf(argument)?.ref;
      panels.open({ surface: 'comparison', node: ref?.kind === 'Node' ? ref.name : undefined });
    }),
  );
}

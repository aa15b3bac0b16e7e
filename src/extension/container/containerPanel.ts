/** The inside of a container as a panel: from the tree, from the lens above a Pod's document, from the palette. */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import { panelRequests } from '../../host/protocol/panel.ts';
import type { ContainerQuery } from '../../host/panels/container/model.ts';
import type { ContainerCommand } from '../../webview/container/protocol.ts';
import { pickPod } from '../cluster/pick.ts';
import { targetOf } from '../cluster/target.ts';
import { commands } from '../ids.ts';
import { registerPanels, viewTypes } from '../panel/panels.ts';
import { registerSimulated } from '../targets/simulatedOnly.ts';
import type { Services } from '../services.ts';

export function registerContainerPanel(services: Services): vscode.Disposable {
  const panels = registerPanels<ContainerQuery, ContainerCommand>(services, {
    surface: 'container',
    viewType: viewTypes.container,
    icon: 'package',
    title: ({ ref, container }) => (container === undefined ? ref.name : `${ref.name} · ${container}`),
    key: ({ ref }) => `${ref.namespace}/${ref.name}`,
    again: (query, { container }) => (container === undefined ? query : { ...query, container }),
    run: (command, query) => run(services, command, query),
  });
  return vscode.Disposable.from(
    panels,
    registerSimulated(services.host, commands.inspectContainer, 'containers to look into', async (argument?: unknown) => {
      const target = targetOf(argument);
      const ref = target?.ref ?? (await pickPod(services, 'Look Inside'));
      if (ref !== undefined)
        panels.open({ surface: 'container', ref, container: target?.container, tab: 'overview', open: [], previous: false });
    }),
  );
}

async function run({ host, texts }: Services, command: ContainerCommand, query: ContainerQuery): Promise<void> {
  const { ref, container } = query;
  const target = { ref, container };
  const execute = (id: string, argument: unknown): Thenable<unknown> => vscode.commands.executeCommand(id, argument);
  switch (command.type) {
    case 'shell':
      return void (await execute(commands.exec, target));
    case 'portForward':
      return void (await execute(commands.portForward, target));
    case 'log':
      return void (await execute(command.previous ? commands.previousLogs : commands.logs, target));
    case 'describe':
      return void (await execute(commands.describe, { ref: command.ref }));
    case 'look':
      return void (await execute(commands.inspectContainer, { ref: command.ref }));
    case 'compare':
      return void (await execute(commands.compareWithVms, { ref: { apiVersion: 'v1', kind: 'Node', namespace: '', name: command.node } }));
    case 'openFile': {
      const text = await host.request(panelRequests.file, { query, path: command.path });
      if (text === null) throw new Error(`${command.path} is no file any more.`);
      return texts.show(`/${ref.namespace}/${ref.name}${command.path}`, text);
    }
    default:
      return assertNever(command);
  }
}

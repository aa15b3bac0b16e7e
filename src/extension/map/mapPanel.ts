/**
 * The map as an editor panel: from the view's title, the palette, and "Show in Map" of what it can show.
 * Invariant: one panel; what a person acts on there goes through the same commands as everywhere. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import type { MapQuery } from '../../host/panels/map/model.ts';
import { timelineRequests } from '../../host/protocol/timeline.ts';
import { WHOLE_MAP, type MapCommand, type NodeCommand } from '../../webview/map/protocol.ts';
import { createFaults } from '../cluster/faults.ts';
import { pickOnMap } from '../cluster/pick.ts';
import { targetOf } from '../cluster/target.ts';
import { commands, type CommandId } from '../ids.ts';
import { registerPanels, viewTypes } from '../panel/panels.ts';
import type { Services } from '../services.ts';

const ACTS: Readonly<Record<NodeCommand, CommandId>> = {
  openObject: commands.openObject,
  why: commands.why,
  describe: commands.describe,
  yaml: commands.yaml,
  inspectContainer: commands.inspectContainer,
  logs: commands.logs,
  fault: commands.fault,
};

export function registerMap(services: Services): vscode.Disposable {
  const faults = createFaults(services);
  const panels = registerPanels<MapQuery, MapCommand>(services, {
    surface: 'map',
    viewType: viewTypes.map,
    icon: 'type-hierarchy',
    title: () => 'Map',
    key: () => '',
    // Asked for again without an object it stays as a person has set it.
    again: (query, wanted) => (wanted.focus === undefined ? query : wanted),
    async run(command) {
      switch (command.type) {
        case 'act':
          return void (await vscode.commands.executeCommand(ACTS[command.command], { ref: command.ref }));
        case 'stop':
          return faults.stop(command.component, command.node);
        case 'start':
          for (const name of command.faults) await faults.end({ apiVersion: 'kubepad.dev/v1', kind: 'Fault', namespace: '', name });
          return;
        case 'show':
          return void (await services.host.request(timelineRequests.show, { to: 'revision', revision: command.revision }));
        default:
          return assertNever(command);
      }
    },
  });
  return vscode.Disposable.from(
    panels,
    vscode.commands.registerCommand(commands.openMap, () => panels.open(WHOLE_MAP)),
    vscode.commands.registerCommand(commands.showInMap, async (argument?: unknown) => {
      const focus = targetOf(argument)?.ref ?? (await pickOnMap(services, 'Show in Map'));
      if (focus !== undefined) panels.open({ ...WHOLE_MAP, focus });
    }),
  );
}

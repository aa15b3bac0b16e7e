/**
 * What can be done to an object: from a row of the tree, from an event, or from the palette by a pick.
 * Invariant: every change goes through the API and its refusal is shown in the API server's words. Counterpart: kubectl.
 */
import * as vscode from 'vscode';
import { requests } from '../../host/protocol/protocol.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import { liveUri } from '../documents/liveFileSystem.ts';
import { shortName } from '../documents/liveUri.ts';
import { forwardPort } from '../container/portForward.ts';
import { openShell } from '../container/shellTerminal.ts';
import { commands, type CommandId } from '../ids.ts';
import type { Services } from '../services.ts';
import { isMissedByReal } from '../targets/simulatedOnly.ts';
import { cordonAll, deleteAll } from './bulk.ts';
import { createDescriptions } from './descriptions.ts';
import { drainNode } from './drain.ts';
import { createFaults } from './faults.ts';
import { createLogs } from './logs.ts';
import { type NodeChoice, type NodeLike, pickNode, pickObject, pickPod } from './pick.ts';
import { tellRefusal } from './refusal.ts';
import { targetOf, targetsOf, type Target } from './target.ts';

export function registerObjectCommands(services: Services): vscode.Disposable {
  const { host } = services;
  type Pick = (services: Services, title: string) => Promise<ObjectRef | undefined>;
  type Act = (target: Target) => Promise<void>;
  type ActOnAll = (refs: readonly ObjectRef[]) => Promise<void>;
  const on = (id: CommandId, title: string, pick: Pick, act: Act, actOnAll?: ActOnAll): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (argument?: unknown) => {
      try {
        const missing = MISSED_BY_REAL.get(id);
        if (missing !== undefined && isMissedByReal(host, missing)) return;
        const refs = actOnAll === undefined ? undefined : targetsOf(argument);
        if (refs !== undefined) return await actOnAll?.(refs);
        const given = targetOf(argument);
        const ref = given?.ref ?? (await pick(services, title));
        if (ref !== undefined) await act({ ref, container: given?.container });
      } catch (error) {
        if (error instanceof vscode.CancellationError) return;
        void vscode.window.showErrorMessage(`Kubepad: ${title} failed. ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  const descriptions = createDescriptions(services);
  const logs = createLogs(services);
  const faults = createFaults(services);
  const schedulable = async (ref: ObjectRef, unschedulable: boolean): Promise<void> =>
    tellRefusal(await host.request(requests.objectPatch, { ref, type: 'merge', patch: cordon(unschedulable), subresource: '' }));
  const oneByOne =
    (act: (ref: ObjectRef) => Promise<void>): ActOnAll =>
    async (refs) => {
      for (const ref of refs) await act(ref);
    };
  return vscode.Disposable.from(
    descriptions,
    on(commands.describe, 'Describe', pickObject, ({ ref }) => descriptions.show(ref)),
    on(commands.yaml, 'Live YAML', pickObject, async ({ ref }) => {
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(liveUri(ref, host)), { preview: true });
    }),
    logs,
    on(commands.logs, 'Logs', pickPod, (target) => logs.show(target, false)),
    on(commands.previousLogs, 'Previous Logs', pickPod, (target) => logs.show(target, true)),
    on(commands.exec, 'Exec', pickPod, (target) => openShell(services, target)),
    on(commands.portForward, 'Port-Forward', pickPod, ({ ref }) => forwardPort(services, ref)),
    on(
      commands.delete,
      'Delete',
      pickObject,
      async ({ ref }) => {
        if (host.real === undefined && !(await confirmDelete(ref))) return;
        tellRefusal(await host.request(requests.objectDelete, { ref, gracePeriodSeconds: undefined, propagationPolicy: undefined }));
      },
      (refs) => deleteAll(services, refs),
    ),
    on(
      commands.cordon,
      'Cordon',
      nodeThat(isOpen, 'Every node is cordoned already.'),
      ({ ref }) => schedulable(ref, true),
      (refs) => cordonAll(services, refs, cordon(true), false),
    ),
    on(
      commands.uncordon,
      'Uncordon',
      nodeThat((node) => !isOpen(node), 'No node is cordoned.'),
      ({ ref }) => schedulable(ref, false),
      (refs) => cordonAll(services, refs, cordon(false), true),
    ),
    on(
      commands.drain,
      'Drain',
      nodeThat(() => true, 'There is no node.'),
      ({ ref }) => drainNode(services, ref),
      oneByOne((ref) => drainNode(services, ref)),
    ),
    on(
      commands.failNode,
      'Fail Node',
      faults.pickUp,
      ({ ref }) => faults.fail(ref),
      oneByOne((ref) => faults.fail(ref)),
    ),
    on(
      commands.recoverNode,
      'Recover Node',
      faults.pickFailed,
      ({ ref }) => faults.recover(ref),
      oneByOne((ref) => faults.recover(ref)),
    ),
    on(commands.fault, 'Fault', faults.pickTarget, (target) => faults.choose(target)),
    on(
      commands.endFault,
      'End Fault',
      faults.pickFault,
      ({ ref }) => faults.end(ref),
      oneByOne((ref) => faults.end(ref)),
    ),
    host.onFaultOver((fault) => void faults.tellOver(fault)),
  );
}

const MISSED_BY_REAL: ReadonlyMap<CommandId, string> = new Map<CommandId, string>([
  [commands.failNode, 'faults on demand'],
  [commands.recoverNode, 'faults on demand'],
  [commands.fault, 'faults on demand'],
  [commands.endFault, 'faults on demand'],
]);

/** kubectl removes the field rather than writing false. */
function cordon(unschedulable: boolean) {
  return { spec: { unschedulable: unschedulable ? true : null } };
}

function nodeThat(fits: NodeChoice['fits'], none: string) {
  return (services: Services, title: string): Promise<ObjectRef | undefined> => pickNode(services, title, { fits, none });
}

function isOpen({ spec }: NodeLike): boolean {
  return spec?.unschedulable !== true;
}

async function confirmDelete(ref: ObjectRef): Promise<boolean> {
  const detail =
    ref.kind === 'Pod'
      ? 'Its controller, if it has one, makes a new Pod.'
      : ref.kind === 'Node'
        ? 'Its Pods are deleted after it.'
        : 'What belongs to it is deleted after it.';
  const choice = await vscode.window.showWarningMessage(`Delete ${shortName(ref)} from the cluster?`, { modal: true, detail }, 'Delete');
  return choice === 'Delete';
}

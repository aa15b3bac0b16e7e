/**
 * Ports of Pods on this machine, for browsers and other real clients.
 * Invariant: a port that is forwarded already is offered again, to open or to stop it.
 * Counterpart: kubectl port-forward.
 */
import * as vscode from 'vscode';
import { requests } from '../../host/protocol/protocol.ts';
import { remoteRequests } from '../../host/protocol/remote.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import { tellRefusal } from '../cluster/refusal.ts';
import type { Services } from '../services.ts';
import { openKubectl } from '../targets/kubectlTerminal.ts';

const OPEN = 'Open in Browser';
const STOP = 'Stop';

export async function forwardPort({ host }: Services, ref: ObjectRef): Promise<void> {
  const found = await host.request(requests.objectGet, ref);
  if (!found.ok) return tellRefusal(found);
  const port = await pickPort(ref, portsOf(found.value as PodLike));
  if (port === undefined) return;
  if (host.real !== undefined) return openKubectl(ref.name, host.real, ref, ['port-forward', `pod/${ref.name}`, `:${port}`]);
  const answer = await host.request(remoteRequests.forward, { ref, port });
  if (!answer.ok) return tellRefusal(answer);
  const { localPort } = answer.value;
  const message = `Kubepad: 127.0.0.1:${localPort} leads to port ${port} of ${ref.name}.`;
  const choice = await vscode.window.showInformationMessage(message, OPEN, STOP);
  if (choice === OPEN) await vscode.env.openExternal(vscode.Uri.parse(`http://127.0.0.1:${localPort}/`));
  if (choice === STOP) await host.request(remoteRequests.stopForward, { localPort });
}

interface PodLike {
  readonly spec?: {
    readonly containers?: readonly {
      readonly name: string;
      readonly ports?: readonly { readonly containerPort: number; readonly name?: string; readonly protocol?: string }[];
    }[];
  };
}

interface Choice {
  readonly label: string;
  readonly description: string;
  readonly port: number;
}

function portsOf({ spec }: PodLike): readonly Choice[] {
  return (spec?.containers ?? []).flatMap(({ name: container, ports = [] }) =>
    ports
      .filter(({ protocol }) => protocol === undefined || protocol === 'TCP')
      .map(({ containerPort, name }) => ({
        label: String(containerPort),
        description: [name, container].filter((part) => part !== undefined).join(' · '),
        port: containerPort,
      })),
  );
}

/** A Pod need not say which ports it listens on. */
async function pickPort(ref: ObjectRef, choices: readonly Choice[]): Promise<number | undefined> {
  const title = `Kubepad: Forward a Port of ${ref.name}`;
  if (choices.length === 1) return choices[0]?.port;
  if (choices.length > 1) return (await vscode.window.showQuickPick(choices, { title, placeHolder: 'Choose a port' }))?.port;
  const typed = await vscode.window.showInputBox({
    title,
    prompt: 'The Pod names no port. Which one?',
    value: '80',
    validateInput: (text) => (isPort(text) ? undefined : 'A port is a number from 1 to 65535.'),
  });
  return typed === undefined ? undefined : Number(typed);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

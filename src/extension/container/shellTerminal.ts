/**
 * A terminal of VS Code whose shell runs in a container of the simulation.
 * Invariant: the terminal holds nothing but the name of its session; the end of the shell says its code and leaves the text.
 * Counterpart: kubectl exec -it POD -- sh.
 */
import * as vscode from 'vscode';
import { remoteRequests, tellRemote } from '../../host/protocol/remote.ts';
import { pickContainer } from '../cluster/pick.ts';
import { tellRefusal } from '../cluster/refusal.ts';
import type { Target } from '../cluster/target.ts';
import type { Services } from '../services.ts';
import { openKubectl } from '../targets/kubectlTerminal.ts';

let sessions = 0;

export async function openShell(services: Services, { ref, container: wanted }: Target): Promise<void> {
  const { host } = services;
  const choice = wanted === undefined ? await pickContainer(services, ref, `Shell in ${ref.name}`) : { container: wanted };
  if (choice === undefined) return;
  const { container } = choice;
  if (host.real !== undefined) {
    const of = container === undefined ? [] : ['--container', container];
    return openKubectl(ref.name, host.real, ref, ['exec', '--stdin', '--tty', ref.name, ...of, '--', 'sh']);
  }
  const session = `shell-${++sessions}`;
  const written = new vscode.EventEmitter<string>();
  const ended = new vscode.EventEmitter<number | void>();
  // What comes before the terminal is open would be lost.
  let waiting: string[] | undefined = [];
  const write = (text: string): void => void (waiting === undefined ? written.fire(text) : waiting.push(text));
  let over = false;
  const listening = host.onRemoteOutput((output) => {
    if (output.session !== session) return;
    write(output.text);
    if (output.ended === undefined) return;
    over = true;
    const { exitCode, failure } = output.ended;
    write(
      failure === '' ? `\r\n[The shell ended with ${exitCode}. Press a key to close.]\r\n` : `${failure}\r\n[Press a key to close.]\r\n`,
    );
  });
  const restarted = host.onDidStart(() => ended.fire());
  const answer = await host.request(remoteRequests.exec, { session, ref, container, command: ['sh'] });
  if (!answer.ok) {
    vscode.Disposable.from(listening, restarted, written, ended).dispose();
    return tellRefusal(answer);
  }
  const pty: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    onDidClose: ended.event,
    open() {
      const before = waiting ?? [];
      waiting = undefined;
      for (const text of before) written.fire(text);
    },
    handleInput(text) {
      if (over) ended.fire();
      else host.notify(tellRemote.input, { session, text });
    },
    close() {
      host.notify(tellRemote.close, { session });
      vscode.Disposable.from(listening, restarted, written, ended).dispose();
    },
  };
  const name = container === undefined ? ref.name : `${ref.name} · ${container}`;
  vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon('terminal') }).show();
}

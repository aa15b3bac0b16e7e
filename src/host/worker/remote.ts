/**
 * Shells in containers and ports of Pods for the editor, without a wire: the API server's own answers to exec and portforward.
 * Invariant: what is refused is refused in the API server's words; what is open stays with the cluster that it was
 * opened in, whichever is shown, and ends with it.
 * Counterpart: kubectl exec -it, kubectl port-forward.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { MessageConnection } from 'vscode-jsonrpc';
import { failure, type Status } from '../../apimachinery/errors/status.ts';
import { ADMIN } from '../../apiserver/authentication/users.ts';
import { handleRequest } from '../../apiserver/endpoints/handle.ts';
import type { HttpAnswer, ProcessStream } from '../../apiserver/endpoints/http.ts';
import type { RemoteProcess } from '../../apiserver/endpoints/nodeApi.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { comparisonText } from '../projection/comparison/text.ts';
import { comparisonOf } from '../panels/comparison/hosted.ts';
import { createRestHost, type ServingHost } from '../http/restHost.ts';
import type { Answer } from '../protocol/protocol.ts';
import { remoteRequests, tellOfRemote, tellRemote, type ExecParams, type Forwarded, type ForwardParams } from '../protocol/remote.ts';
import type { ObjectRef } from '../protocol/view.ts';
import type { Session } from './session.ts';
import { refusedInPast } from './timeline/pastObjects.ts';

/** What is needed of a session. */
export type RemoteSession = Pick<Session, 'cluster' | 'written' | 'onDidClose'> & { readonly driver: Pick<Session['driver'], 'sync'> };

interface Shell {
  /** The cluster that it runs in, whichever is shown by now. */
  readonly of: RemoteSession;
  readonly process: RemoteProcess;
  readonly step: () => void;
  readonly time: Disposable;
}

export function handleRemoteRequests(connection: MessageConnection, session: () => Session): void {
  const remote = new Remote(session, (name, text, ended) => {
    void connection.sendNotification(tellOfRemote.output, { session: name, text, ...(ended === undefined ? {} : { ended }) });
  });
  connection.onRequest(remoteRequests.compare, ({ node }) => {
    session().driver.sync();
    const comparison = comparisonOf(session().inside ?? session().cluster, node);
    return comparison === undefined ? null : { host: comparison.host, text: comparisonText(comparison) };
  });
  connection.onRequest(remoteRequests.exec, (params) => refusedInPast(session()) ?? remote.exec(params));
  connection.onRequest(remoteRequests.forward, (params) => refusedInPast(session()) ?? remote.forward(params));
  connection.onRequest(remoteRequests.stopForward, ({ localPort }) => {
    remote.stopForward(localPort);
    return null;
  });
  connection.onNotification(tellRemote.input, ({ session: name, text }) => remote.input(name, text));
  connection.onNotification(tellRemote.close, ({ session: name }) => remote.close(name));
}

interface Forward {
  readonly server: Server;
  readonly of: RemoteSession;
  /** `default/web:80` */
  readonly what: string;
  readonly ends: Disposable;
}

type Tell = (session: string, text: string, ended?: { readonly exitCode: number; readonly failure: string }) => void;

export class Remote {
  private readonly session: () => RemoteSession;
  private readonly tell: Tell;
  private readonly shells = new Map<string, Shell>();
  /** By port of this machine. */
  private readonly forwards = new Map<number, Forward>();
  private host: { readonly of: RemoteSession; readonly rest: ServingHost } | undefined;

  constructor(session: () => RemoteSession, tell: Tell) {
    this.session = session;
    this.tell = tell;
  }

  exec({ session: name, ref, container, command }: ExecParams): Answer<null> {
    const query = new URLSearchParams({ stdin: 'true', stdout: 'true', tty: 'true', ...(container === undefined ? {} : { container }) });
    for (const word of command) query.append('command', word);
    const session = this.session();
    const answer = this.ask(session, ref, 'exec', query);
    if (answer.kind !== 'process') return { ok: false, status: statusOf(answer) };
    this.shells.set(name, this.start(session, name, answer));
    return { ok: true, value: null, warnings: [] };
  }

  input(name: string, text: string): void {
    const shell = this.shells.get(name);
    if (shell === undefined) return;
    shell.of.driver.sync();
    shell.process.write(new TextEncoder().encode(text));
    shell.of.written();
    shell.step();
  }

  close(name: string): void {
    const shell = this.shells.get(name);
    if (shell === undefined) return;
    this.shells.delete(name);
    shell.time.dispose();
    shell.process.closeInput();
    shell.process.close();
  }

  /** Listens on a free port of this machine for as long as nobody stops it; what is forwarded already keeps its port. */
  async forward({ ref, port }: ForwardParams): Promise<Answer<Forwarded>> {
    const session = this.session();
    const answer = this.ask(session, ref, 'portforward', new URLSearchParams());
    if (answer.kind !== 'ports') return { ok: false, status: statusOf(answer) };
    const what = `${ref.namespace}/${ref.name}:${port}`;
    for (const [localPort, known] of this.forwards)
      if (known.of === session && known.what === what) return { ok: true, value: { localPort }, warnings: [] };
    const server = createServer((socket) => this.connect(session, socket, ref, port));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port: localPort } = server.address() as AddressInfo;
    const ends = session.onDidClose(() => this.stopForward(localPort));
    this.forwards.set(localPort, { server, of: session, what, ends });
    return { ok: true, value: { localPort }, warnings: [] };
  }

  stopForward(localPort: number): void {
    const forward = this.forwards.get(localPort);
    this.forwards.delete(localPort);
    forward?.ends.dispose();
    forward?.server.close();
  }

  private start(session: RemoteSession, name: string, stream: ProcessStream): Shell {
    const decoder = new TextDecoder();
    const show = (bytes: Uint8Array<ArrayBuffer>): void => this.tell(name, decoder.decode(bytes, { stream: true }));
    const process = stream.open({ out: show, err: show });
    const time = stream.onAdvance(() => step());
    const ends = session.onDidClose(() => finish(137, 'the cluster is gone'));
    const finish = (exitCode: number, text: string): void => {
      if (this.shells.get(name)?.process !== process) return;
      this.shells.delete(name);
      time.dispose();
      ends.dispose();
      process.close();
      this.tell(name, '', { exitCode, failure: text });
    };
    const step = (): void => {
      process.run();
      if (process.exitCode !== undefined) finish(process.exitCode, process.failure ?? '');
    };
    // The answer of the request is on its way before the first line is.
    setImmediate(step);
    return { of: session, process, step, time };
  }

  /** Each connection is opened anew: the Pod may have got other programs since. */
  private connect(session: RemoteSession, socket: Socket, ref: ObjectRef, port: number): void {
    const answer = this.ask(session, ref, 'portforward', new URLSearchParams());
    const opened = answer.kind === 'ports' ? answer.dial(port) : 'the Pod is gone';
    if (typeof opened === 'string') {
      socket.destroy();
      return;
    }
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      session.driver.sync();
      socket.write(opened.send(bytes));
      if (opened.ended) socket.end();
    });
  }

  private ask(
    session: RemoteSession,
    { namespace, name }: ObjectRef,
    subresource: 'exec' | 'portforward',
    query: URLSearchParams,
  ): HttpAnswer {
    session.driver.sync();
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/${subresource}`;
    const headers = { accept: 'application/json', connection: 'Upgrade', 'user-agent': 'kubepad' };
    return handleRequest(session.cluster.api, { method: 'POST', path, query, headers, body: '', user: ADMIN }, this.restHost(session));
  }

  private restHost(session: RemoteSession): ServingHost {
    if (this.host?.of === session) return this.host.rest;
    const { api, kubelets } = session.cluster;
    const rest = createRestHost({
      api,
      kubelets,
      adminToken: randomBytes(24).toString('base64url'),
      sync: () => session.driver.sync(),
      // Whether metrics are served is the business of whoever connects.
      metrics: api.catalog.servesMetrics,
    });
    this.host = { of: session, rest };
    return rest;
  }
}

function statusOf(answer: HttpAnswer): Status {
  if (answer.kind !== 'response') return failure(400, 'BadRequest', 'Upgrade request required');
  try {
    return JSON.parse(answer.body) as Status;
  } catch {
    return failure(answer.code, undefined, answer.body, {});
  }
}

/**
 * A process in a container over the channels that clients agree on: standard input and output, the size of the terminal, the end.
 * Invariant: the end says the exit code in a Status; nothing is sent after it.
 * Counterpart: k8s.io/kubelet/pkg/cri/streaming/remotecommand.
 */
import { Buffer } from 'node:buffer';
import { internalError } from '../../../apimachinery/errors/status.ts';
import type { ProcessStream } from '../../../apiserver/endpoints/http.ts';
import type { SpdySession, SpdyStream } from './spdySession.ts';
import type { WebSocket } from './webSocket.ts';

/** In the order in which they are preferred. */
export const COMMAND_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

const [STDIN, STDOUT, STDERR, ERROR] = [0, 1, 2, 3];
/** Ends one channel; since v5. */
const CLOSE = 255;

/** How the output of a process leaves. */
interface Channels {
  send(channel: number, bytes: Uint8Array): void;
  finish(status: string): void;
}

interface Session {
  stdin(bytes: Buffer): void;
  endStdin(): void;
  dispose(): void;
}

/** Binary messages whose first byte is the channel. */
export function overWebSocket(stream: ProcessStream, open: (onMessage: (data: Buffer) => void, onClose: () => void) => WebSocket): void {
  let session: Session | undefined = undefined;
  const socket = open(
    (data) => {
      const [channel, ended] = data;
      if (channel === STDIN) session?.stdin(data.subarray(1));
      else if (channel === CLOSE && ended === STDIN) session?.endStdin();
    },
    () => session?.dispose(),
  );
  const send = (channel: number, bytes: Uint8Array): void => void socket.send(Buffer.concat([Buffer.from([channel]), bytes]));
  session = run(stream, {
    send,
    finish: (status) => {
      send(ERROR, Buffer.from(status));
      socket.close();
    },
  });
}

/** One stream for each channel, named by its header; the process starts when all that were asked for are there. */
export class SpdyCommand {
  private readonly streams = new Map<string, SpdyStream>();
  private readonly stream: ProcessStream;
  private readonly wanted: number;
  private session: Session | undefined;

  /** @param outputs how many of stdout and stderr the client wants */
  constructor(stream: ProcessStream, outputs: number) {
    this.stream = stream;
    this.wanted = 1 + outputs + (stream.stdin ? 1 : 0) + (stream.tty ? 1 : 0);
  }

  add(stream: SpdyStream, session: SpdySession): void {
    this.streams.set(stream.headers['streamtype'] ?? '', stream);
    if (stream.headers['streamtype'] === 'stdin') {
      stream.onData = (bytes) => this.session?.stdin(bytes);
      stream.onEnd = () => this.session?.endStdin();
    }
    if (this.streams.size < this.wanted || this.session !== undefined) return;
    const names = ['stdin', 'stdout', 'stderr', 'error'];
    this.session = run(this.stream, {
      send: (channel, bytes) => this.streams.get(names[channel] ?? '')?.write(bytes),
      finish: (status) => {
        this.streams.get('error')?.write(Buffer.from(status));
        for (const each of this.streams.values()) each.end();
        // The client reads what is on the way before it looks at the end.
        setTimeout(() => session.close(), LINGER_MS).unref();
      },
    });
  }

  dispose(): void {
    this.session?.dispose();
  }
}

const LINGER_MS = 1000;

function run(stream: ProcessStream, channels: Channels): Session {
  let ended = false;
  const process = stream.open({
    out: (bytes) => channels.send(STDOUT, bytes),
    err: (bytes) => channels.send(STDERR, bytes),
  });
  const step = (): void => {
    if (ended) return;
    process.run();
    if (process.exitCode === undefined) return;
    dispose();
    channels.finish(process.failure === undefined ? statusOf(process.exitCode) : JSON.stringify(internalError(process.failure)));
  };
  const dispose = (): void => {
    if (ended) return;
    ended = true;
    time.dispose();
    process.close();
  };
  const time = stream.onAdvance(step);
  setImmediate(step);
  return {
    stdin: (bytes) => {
      process.write(bytes);
      step();
    },
    endStdin: () => {
      process.closeInput();
      step();
    },
    dispose,
  };
}

function statusOf(exitCode: number): string {
  if (exitCode === 0) return JSON.stringify({ metadata: {}, status: 'Success' });
  return JSON.stringify({
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  });
}

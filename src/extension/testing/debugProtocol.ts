/** The few messages of the Debug Adapter Protocol that a scenario needs. */

export interface DebugRequest {
  readonly seq: number;
  readonly type: 'request';
  readonly command: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

export interface Source {
  readonly name: string;
  readonly path: string;
}

export interface SourceBreakpoint {
  readonly line: number;
}

export function isRequest(message: object): message is DebugRequest {
  return 'command' in message && 'type' in message && message.type === 'request';
}

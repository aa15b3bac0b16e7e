/**
 * The tools over the Model Context Protocol: JSON-RPC 2.0, one message a line, as its stdio transport has it.
 * Invariant: nothing but messages is written; calls act one after another, in the order in which they came; what cannot be read
 * is answered, never thrown. Counterpart: none in Kubernetes; MCP 2025-11-25.
 */
import { CancellationTokenSource, type CancellationToken } from 'vscode-jsonrpc';
import type { ToolAnswer } from '../protocol/tool.ts';
import { isRecord } from '../tools/input.ts';
import { TOOLS, toolOf } from '../tools/registry.ts';

/** The newest first: it is offered to a client that speaks none of them. */
const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const METHOD_NOT_FOUND = -32_601;
const INVALID_PARAMS = -32_602;
const INTERNAL_ERROR = -32_603;

const INSTRUCTIONS =
  'A faithful, deterministic simulation of Kubernetes 1.36 in virtual time. Check a manifest with validate_manifest and forecast before you propose it; ' +
  'to see it run, fork, apply to the fork, run_until stable, then get, describe, events and logs. Nothing here touches a real cluster.';

export interface McpServerOptions {
  readonly version: string;
  readonly call: (tool: string, input: unknown, token: CancellationToken) => Promise<ToolAnswer>;
  /** Takes one line, without its end. */
  readonly write: (line: string) => void;
}

type Id = string | number;

class RpcError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export class McpServer {
  private readonly options: McpServerOptions;
  private readonly running = new Map<Id, CancellationTokenSource>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: McpServerOptions) {
    this.options = options;
  }

  /** One message, or several as an array, as one line; resolves when all of them are answered. */
  async receive(line: string): Promise<void> {
    if (line.trim() === '') return;
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      this.send({ id: null, error: { code: PARSE_ERROR, message: 'Parse error' } });
      return;
    }
    if (!Array.isArray(message)) {
      const answer = await this.answer(message);
      if (answer !== undefined) this.send(answer);
      return;
    }
    // Clients of 2025-03-26 may send several at once, and get their answers so.
    const answers = (await Promise.all(message.map((each: unknown) => this.answer(each)))).filter((answer) => answer !== undefined);
    if (message.length === 0) this.send({ id: null, error: { code: INVALID_REQUEST, message: 'Invalid Request' } });
    else if (answers.length > 0) this.options.write(JSON.stringify(answers.map((answer) => ({ jsonrpc: '2.0', ...answer }))));
  }

  /** Ends the calls that are under way. */
  cancelAll(): void {
    for (const source of this.running.values()) source.cancel();
  }

  /** Undefined: it asks for no answer. */
  private async answer(message: unknown): Promise<object | undefined> {
    if (!isRecord(message) || message['jsonrpc'] !== '2.0') {
      return { id: null, error: { code: INVALID_REQUEST, message: 'Invalid Request' } };
    }
    const { id, method } = message;
    if (typeof method !== 'string') {
      // An answer to a request; this server makes none.
      if ('result' in message || 'error' in message) return undefined;
      return { id: isId(id) ? id : null, error: { code: INVALID_REQUEST, message: 'Invalid Request' } };
    }
    if (!('id' in message)) {
      this.notified(method, message['params']);
      return undefined;
    }
    if (!isId(id)) return { id: null, error: { code: INVALID_REQUEST, message: 'Invalid Request: id must be a string or a number' } };
    try {
      return { id, result: await this.request(id, method, message['params']) };
    } catch (error) {
      const code = error instanceof RpcError ? error.code : INTERNAL_ERROR;
      return { id, error: { code, message: error instanceof Error ? error.message : String(error) } };
    }
  }

  private notified(method: string, params: unknown): void {
    if (method !== 'notifications/cancelled' || !isRecord(params)) return;
    const { requestId } = params;
    if (isId(requestId)) this.running.get(requestId)?.cancel();
  }

  private request(id: Id, method: string, params: unknown): unknown {
    switch (method) {
      case 'initialize':
        return this.initialize(params);
      case 'ping':
        return {};
      case 'tools/list':
        return { tools: TOOLS.map(toolData) };
      case 'tools/call':
        return this.call(id, params);
      default:
        throw new RpcError(METHOD_NOT_FOUND, `Method not found: ${method}`);
    }
  }

  private initialize(params: unknown): object {
    const wanted = isRecord(params) ? params['protocolVersion'] : undefined;
    if (typeof wanted !== 'string') throw new RpcError(INVALID_PARAMS, 'Invalid params: protocolVersion is required');
    return {
      protocolVersion: VERSIONS.find((version) => version === wanted) ?? VERSIONS[0],
      capabilities: { tools: {} },
      serverInfo: { name: 'kubepad', title: 'Kubepad', version: this.options.version },
      instructions: INSTRUCTIONS,
    };
  }

  private async call(id: Id, params: unknown): Promise<object> {
    if (!isRecord(params) || typeof params['name'] !== 'string') throw new RpcError(INVALID_PARAMS, 'Invalid params: name is required');
    const { name, arguments: input = {} } = params;
    if (toolOf(name) === undefined) throw new RpcError(INVALID_PARAMS, `Unknown tool: ${name}`);
    const source = new CancellationTokenSource();
    this.running.set(id, source);
    try {
      const { text, data, isError } = await this.inTurn(() => this.options.call(name, input, source.token));
      return { content: [{ type: 'text', text }], ...(data === undefined ? {} : { structuredContent: data }), isError };
    } finally {
      if (this.running.get(id) === source) this.running.delete(id);
      source.dispose();
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private send(answer: object): void {
    this.options.write(JSON.stringify({ jsonrpc: '2.0', ...answer }));
  }
}

function isId(value: unknown): value is Id {
  return typeof value === 'string' || typeof value === 'number';
}

function toolData({ name, title, description, inputSchema, effect }: (typeof TOOLS)[number]): object {
  const annotations = { title, readOnlyHint: effect === 'read', destructiveHint: effect === 'destroy', openWorldHint: false };
  return { name, title, description, inputSchema, annotations };
}

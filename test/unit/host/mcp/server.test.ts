import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CancellationToken } from 'vscode-jsonrpc';
import { McpServer } from '../../../../src/host/mcp/server.ts';
import { TOOLS } from '../../../../src/host/tools/registry.ts';
import { deployment } from '../tools/support.ts';

interface Message {
  readonly id?: string | number | null;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

const initialize = (protocolVersion: unknown): object => ({
  id: 1,
  method: 'initialize',
  params: { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});

describe('McpServer', () => {
  const calls: { name: string; input: unknown; token: CancellationToken }[] = [];
  let lines: string[];
  let server: McpServer;
  let finish: ((text: string) => void)[];
  beforeEach(() => {
    lines = [];
    calls.length = 0;
    finish = [];
    server = new McpServer({
      version: '9.9.9',
      call: (name, input, token) => {
        calls.push({ name, input, token });
        return new Promise((resolve) => finish.push((text) => resolve({ text, data: { text }, isError: false })));
      },
      write: (line) => lines.push(line),
    });
  });
  const send = (message: object): Promise<void> => server.receive(JSON.stringify({ jsonrpc: '2.0', ...message }));
  const answers = (): readonly Message[] => lines.map((line) => JSON.parse(line) as Message);
  const ask = async (message: object): Promise<Message> => {
    await send(message);
    const [answer] = answers();
    assert.equal(lines.length, 1);
    return answer ?? {};
  };

  const versions: readonly (readonly [string, string])[] = [
    ['2024-11-05', '2024-11-05'],
    ['2025-06-18', '2025-06-18'],
    ['2099-01-01', '2025-11-25'],
  ];
  for (const [wanted, given] of versions) {
    it(`agrees on ${given} with who speaks ${wanted}`, async () => {
      const { result } = await ask(initialize(wanted));
      assert.equal(result?.['protocolVersion'], given);
      assert.deepEqual(result?.['capabilities'], { tools: {} });
      assert.equal((result?.['serverInfo'] as { version: string } | undefined)?.version, '9.9.9');
    });
  }

  it('lists every tool with its strict schema', async () => {
    const { result } = await ask({ id: 'a', method: 'tools/list' });
    const tools = result?.['tools'] as readonly { name: string; inputSchema: { type: string; additionalProperties: boolean } }[];
    assert.deepEqual(
      tools.map(({ name }) => name),
      TOOLS.map(({ name }) => name),
    );
    for (const { inputSchema } of tools) assert.deepEqual([inputSchema.type, inputSchema.additionalProperties], ['object', false]);
  });

  const errors: readonly (readonly [string, string, number, string | number | null])[] = [
    ['no JSON', '{"jsonrpc":', -32700, null],
    ['a message of another protocol', '{"id":1,"method":"ping"}', -32600, null],
    ['no method', '{"jsonrpc":"2.0","id":1}', -32600, 1],
    ['an id that is null', '{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, null],
    ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"resources/list"}', -32601, 1],
    ['an unknown tool', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}}', -32602, 1],
    ['a call of nothing', '{"jsonrpc":"2.0","id":1,"method":"tools/call"}', -32602, 1],
    ['a beginning without a version', '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}', -32602, 1],
    ['several that are none', '[]', -32600, null],
  ];
  for (const [what, line, code, id] of errors) {
    it(`answers ${what} with ${code}`, async () => {
      await server.receive(line);
      const [answer] = answers();
      assert.deepEqual([answer?.error?.code, answer?.id], [code, id]);
    });
  }

  it('answers no notification, no answer and no empty line', async () => {
    await send({ method: 'notifications/initialized' });
    await send({ method: 'notifications/whatever', params: 1 });
    await send({ id: 3, result: {} });
    await server.receive('  ');
    assert.deepEqual(lines, []);
  });

  it('lets calls act in turn, answers pings meanwhile, and cancels the one that is meant', async () => {
    const first = send({ id: 1, method: 'tools/call', params: { name: 'status' } });
    const second = send({ id: 2, method: 'tools/call', params: { name: 'get', arguments: { kind: 'pods' } } });
    await send({ id: 3, method: 'ping' });
    assert.deepEqual(
      calls.map(({ name, input }) => [name, input]),
      [['status', {}]],
    );
    assert.deepEqual(
      answers().map(({ id }) => id),
      [3],
    );
    await send({ method: 'notifications/cancelled', params: { requestId: 1 } });
    assert.equal(calls[0]?.token.isCancellationRequested, true);
    finish[0]?.('one');
    await first;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(calls[1]?.token.isCancellationRequested, false);
    finish[1]?.('two');
    await second;
    assert.deepEqual(answers().at(-1)?.result, {
      content: [{ type: 'text', text: 'two' }],
      structuredContent: { text: 'two' },
      isError: false,
    });
  });

  it('answers several messages of one line as one', async () => {
    await server.receive('[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},7]');
    assert.equal(lines.length, 1);
    const all = JSON.parse(lines[0] ?? '') as readonly Message[];
    assert.deepEqual(
      all.map(({ id, error }) => [id, error?.code]),
      [
        [1, undefined],
        [null, -32600],
      ],
    );
  });
});

describe('kubepad mcp', () => {
  it('is a cluster for an assistant: tried, run and read over standard input and output', async () => {
    const program = join(import.meta.dirname, '../../../../src/host/cli/main.ts');
    const child = spawn(process.execPath, [program, 'mcp', '--nodes', '2'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const tool = (id: number, name: string, input: object): object => ({ id, method: 'tools/call', params: { name, arguments: input } });
    const messages = [
      initialize('2025-06-18'),
      { method: 'notifications/initialized' },
      tool(2, 'fork', {}),
      tool(3, 'apply', { manifest: deployment('web'), cluster: 'fork-1' }),
      tool(4, 'run_until', { until: 'object', kind: 'deploy', name: 'web', for: 'condition=Available', cluster: 'fork-1' }),
      tool(5, 'get', { kind: 'pods', cluster: 'fork-1' }),
      tool(6, 'get', { kind: 'pods' }),
    ];
    // The input ends with the last call: it is answered all the same.
    child.stdin.end(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''));
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 0);
    const all = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Message);
    const textOf = (id: number): string => {
      const content = all.find((each) => each.id === id)?.result?.['content'] as readonly { text: string }[] | undefined;
      return content?.[0]?.text ?? '';
    };
    assert.equal(textOf(3), 'deployment.apps/web created');
    assert.match(textOf(4), /^Done after \d/);
    assert.equal(textOf(5).match(/1\/1 +Running/g)?.length, 2);
    assert.equal(textOf(6), 'No resources found.');
  }).timeout(30_000);
});

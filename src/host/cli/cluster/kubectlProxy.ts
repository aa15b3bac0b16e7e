/**
 * The cluster that the user's kubectl leads to, through `kubectl proxy`: whatever way of signing in the kubeconfig names, kubectl knows it.
 * Invariant: the proxy is reached by this user alone where sockets have owners, and ends with the command. Counterpart: kubectl proxy.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as sendRequest, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RestAnswer, RestRequest } from '../../../kubectl/rest.ts';
import { runTool } from '../../rendering/runTool.ts';
import type { ClusterAccess, ClusterChoice } from './access.ts';

const KUBECTL = 'kubectl';
const START_MS = 20_000;
const ANSWER_MS = 30_000;
const SOCKETS = 8;

type Address = Pick<RequestOptions, 'socketPath' | 'host' | 'port'>;

/** @throws Error with the words of kubectl */
export async function openProxy(choice: ClusterChoice): Promise<ClusterAccess> {
  const flags = [
    ...(choice.kubeconfig === undefined ? [] : ['--kubeconfig', choice.kubeconfig]),
    ...(choice.context === undefined ? [] : ['--context', choice.context]),
  ];
  const namespace = choice.namespace ?? (await namespaceOf(flags));
  // The folder is the user's alone, and so is the socket in it.
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-proxy-'));
  const socketPath = join(folder, 'socket');
  const hasSockets = process.platform !== 'win32';
  const child = spawn(KUBECTL, ['proxy', ...(hasSockets ? [`--unix-socket=${socketPath}`] : ['--port=0']), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  const close = async (): Promise<void> => {
    agent.destroy();
    const ended = new Promise((resolve) => child.once('close', resolve));
    if (child.exitCode === null && child.kill()) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const served = await serving(child);
    const address: Address = hasSockets ? { socketPath } : { host: '127.0.0.1', port: Number(/:(\d+)\s*$/.exec(served)?.[1]) };
    const rest = { request: (asked: RestRequest) => answerOf({ ...address, agent }, asked) };
    const { code, body } = await rest.request({ method: 'GET', path: '/version' });
    if (code !== 200) throw new Error(`the cluster answers ${code} ${typeof body === 'string' ? body.trim() : JSON.stringify(body)}`);
    return { rest, dryRun: true, namespace, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Resolves with the line that says where it serves. */
function serving(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    const timer = setTimeout(() => reject(new Error(`${KUBECTL} proxy did not start within ${START_MS / 1000} s`)), START_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
      const line = /^Starting to serve on .*$/m.exec(out)?.[0];
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(line);
    });
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new Error(error.code === 'ENOENT' ? `${KUBECTL} was not found` : error.message));
    });
    child.once('close', () => {
      clearTimeout(timer);
      reject(new Error(err.trim().replace(/^error: /, '') || `${KUBECTL} proxy ended`));
    });
  });
}

/** What kubectl would take for objects that name none. */
async function namespaceOf(flags: readonly string[]): Promise<string> {
  const args = ['config', 'view', '--minify', '-o', 'jsonpath={.contexts[0].context.namespace}', ...flags];
  const ended = await runTool(KUBECTL, args, { cwd: process.cwd(), env: process.env, signal: new AbortController().signal });
  if (ended.outcome === 'missing') throw new Error(`${KUBECTL} was not found`);
  if (ended.outcome === 'stopped') throw new Error(ended.reason);
  // A cluster from within needs no kubeconfig.
  return (ended.code === 0 ? ended.out.trim() : '') || 'default';
}

function answerOf(address: RequestOptions, { method, path, query = {}, contentType, accept, body = '' }: RestRequest): Promise<RestAnswer> {
  const search = new URLSearchParams(query).toString();
  const headers = {
    accept: accept ?? 'application/json',
    'user-agent': 'kubepad',
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const options = { ...address, method, path: search === '' ? path : `${path}?${search}`, headers, timeout: ANSWER_MS };
    const sent = sendRequest(options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ code: answer.statusCode ?? 0, body: parsed(text), warnings: warningsOf(answer.rawHeaders) });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`the cluster did not answer within ${ANSWER_MS / 1000} s`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `299 - "what is said"`, a header each. */
function warningsOf(headers: readonly string[]): readonly string[] {
  return headers.flatMap((name, index) => {
    if (index % 2 === 1 || name.toLowerCase() !== 'warning') return [];
    const quoted = /^299 \S+ "((?:[^"\\]|\\.)*)"/.exec(headers[index + 1] ?? '')?.[1];
    return quoted === undefined ? [] : [quoted.replaceAll(/\\(.)/g, '$1')];
  });
}

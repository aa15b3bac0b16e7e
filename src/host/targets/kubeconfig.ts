/**
 * The user's kubeconfig: which contexts it has, and all that one of them says, ready for a client.
 * Invariant: reads files and nothing else; no program that a kubeconfig names is run here, and nothing is ever written.
 * Counterpart: k8s.io/client-go/tools/clientcmd (ClientConfigLoadingRules).
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { isRecord } from '../../manifest/recognise.ts';
import type { TargetContext } from '../protocol/target.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Kubeconfig {
  readonly contexts: readonly TargetContext[];
  /** Files that could not be read, each a sentence. */
  readonly problems: readonly string[];
  /** A kubeconfig with that context alone, its files named absolutely; undefined: there is no such context, or a part of it is missing. */
  readonly only: (context: string) => Fields | undefined;
}

interface Entries {
  readonly clusters: Map<string, Fields>;
  readonly users: Map<string, Fields>;
  readonly contexts: Map<string, Fields>;
}

/** Fields that name files, relative to the one that they stand in. */
const CLUSTER_FILES = ['certificate-authority'];
const USER_FILES = ['client-certificate', 'client-key', 'tokenFile'];

/**
 * Where a kubeconfig is looked for.
 * @param given by a setting or a flag; empty: what kubectl takes without one
 */
export function kubeconfigFiles(given: string, environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  if (given !== '') return [given.startsWith('~/') ? join(homedir(), given.slice(2)) : given];
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
}

/** Of several files the first that says something of a name counts, as with kubectl. A file that is not there is passed over. */
export function readKubeconfig(files: readonly string[]): Kubeconfig {
  const entries: Entries = { clusters: new Map(), users: new Map(), contexts: new Map() };
  const problems: string[] = [];
  let current = '';
  for (const file of files) {
    const config = readFile(file, problems);
    if (config === undefined) continue;
    const folder = dirname(file);
    if (current === '') current = textOf(config['current-context']);
    collect(entries.clusters, config['clusters'], 'cluster', (fields) => absolute(fields, CLUSTER_FILES, folder));
    collect(entries.users, config['users'], 'user', (fields) => absoluteUser(fields, folder));
    collect(entries.contexts, config['contexts'], 'context', (fields) => fields);
  }
  const contexts = [...entries.contexts].map(([name, fields]) => describe(entries, name, fields, name === current));
  return { contexts, problems, only: (name) => only(entries, name) };
}

function describe({ clusters, users }: Entries, name: string, context: Fields, current: boolean): TargetContext {
  const cluster = textOf(context['cluster']);
  const user = textOf(context['user']);
  const exec = users.get(user)?.['exec'];
  const server = textOf(clusters.get(cluster)?.['server']);
  return {
    name,
    cluster,
    server,
    user,
    namespace: textOf(context['namespace']),
    current,
    program: isRecord(exec) ? textOf(exec['command']) : '',
    insecure: clusters.get(cluster)?.['insecure-skip-tls-verify'] === true || isPlain({ server }),
  };
}

function only({ clusters, users, contexts }: Entries, name: string): Fields | undefined {
  const context = contexts.get(name);
  const clusterName = textOf(context?.['cluster']);
  const userName = textOf(context?.['user']);
  const cluster = clusters.get(clusterName);
  if (context === undefined || cluster === undefined) return undefined;
  // The library takes the cluster's certificate authority into account only where there is a user.
  const named = userName === '' ? 'anonymous' : userName;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    // Without TLS there is no certificate to verify, as with kubectl proxy; the library wants that to be said.
    clusters: [{ name: clusterName, cluster: isPlain(cluster) ? { ...cluster, 'insecure-skip-tls-verify': true } : cluster }],
    users: [{ name: named, user: withExecInfo(users.get(userName) ?? {}, cluster) }],
    contexts: [{ name, context: { ...context, user: named } }],
  };
}

/** What client-go tells a program that it asks for credentials: which form of answer is wanted, and of which cluster if it wants to know. */
function withExecInfo(user: Fields, cluster: Fields): Fields {
  const { exec } = user;
  if (!isRecord(exec)) return user;
  const known = {
    server: cluster['server'],
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': cluster['certificate-authority-data'],
    'proxy-url': cluster['proxy-url'],
  };
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec['apiVersion'],
    spec: { interactive: false, ...(exec['provideClusterInfo'] === true ? { cluster: known } : {}) },
  };
  const env = Array.isArray(exec['env']) ? (exec['env'] as readonly unknown[]) : [];
  return { ...user, exec: { ...exec, env: [...env, { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }] } };
}

function readFile(file: string, problems: string[]): Fields | undefined {
  try {
    const value: unknown = parse(readFileSync(file, 'utf8'));
    if (isRecord(value)) return value;
    if (value !== null && value !== undefined) problems.push(`${file} is no kubeconfig.`);
  } catch (error) {
    if (!isMissing(error)) problems.push(`${file} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

function isMissing(error: unknown): boolean {
  return isRecord(error) && error['code'] === 'ENOENT';
}

function collect(into: Map<string, Fields>, list: unknown, member: string, read: (fields: Fields) => Fields): void {
  for (const entry of Array.isArray(list) ? (list as readonly unknown[]) : []) {
    if (!isRecord(entry)) continue;
    const name = textOf(entry['name']);
    const fields = entry[member];
    if (!into.has(name)) into.set(name, isRecord(fields) ? read(fields) : {});
  }
}

function absoluteUser(user: Fields, folder: string): Fields {
  const named = absolute(user, USER_FILES, folder);
  const { exec } = named;
  // A command with a folder in it stands beside the kubeconfig; a bare name is looked for in the PATH.
  if (!isRecord(exec) || !/[\\/]/.test(textOf(exec['command']))) return named;
  return { ...named, exec: absolute(exec, ['command'], folder) };
}

function absolute(fields: Fields, names: readonly string[], folder: string): Fields {
  const found = names.filter((name) => textOf(fields[name]) !== '' && !isAbsolute(textOf(fields[name])));
  if (found.length === 0) return fields;
  return { ...fields, ...Object.fromEntries(found.map((name) => [name, join(folder, textOf(fields[name]))])) };
}

function isPlain({ server }: Fields): boolean {
  return textOf(server).startsWith('http:');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

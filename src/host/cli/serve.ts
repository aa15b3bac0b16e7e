/**
 * `kubepad serve`: a cluster behind its REST API on the loopback address, until it is told to end.
 */
import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import { Cluster, type ClusterHooks } from '../../cluster/cluster.ts';
import { plannedOptions, type ClusterOptions, type KubeletMode } from '../../cluster/options.ts';
import { Driver } from '../driver.ts';
import { programRoot, readDocumentation } from '../documentation.ts';
import { loadKeys, type ServingKeys } from '../http/keys.ts';
import { serveCluster } from '../http/serveCluster.ts';
import { writeKubeconfig } from '../kubeconfig/kubeconfig.ts';
import { PersistentCluster } from '../persistence/persistentCluster.ts';
import { SqliteJournal } from '../persistence/sqliteJournal.ts';
import { PROGRAM } from '../program.ts';
import { addClusterFlags, type ClusterFlags } from './clusterFlags.ts';
import { durationMs, flag, list, schedulerConfiguration, speed, wholeNumber } from './flags.ts';

interface ServeFlags extends ClusterFlags {
  readonly port: number;
  readonly token?: string;
  readonly kubeconfig?: string;
  readonly speed?: number | 'max';
  readonly data?: string;
  readonly memory?: boolean;
  readonly metrics: boolean;
  readonly kubelet: KubeletMode;
  readonly controllers?: readonly string[];
  readonly nodeMonitorGracePeriod?: number;
  readonly nodeMonitorPeriod?: number;
  readonly nodeStartupGracePeriod?: number;
  readonly terminatedPodGcThreshold?: number;
  readonly allocateNodeCidrs?: boolean;
  readonly clusterCidr?: string;
  readonly serviceClusterIpRange?: string;
  readonly ingressClass?: string;
  readonly storageClass?: string;
  readonly explainScheduling?: boolean;
  readonly schedulerConfig?: ClusterOptions['schedulerConfiguration'];
}

const PRESET_HELP =
  'what the cluster consists of: default: a control plane node and three workers; empty: no nodes; ' +
  'eks: two node groups of m5.large, no control plane node; kind: a control plane node and two workers; large: 5,000 workers';

export function addServeCommand(program: Command): void {
  addClusterFlags(program.command('serve'), PRESET_HELP)
    .description('Serve a simulated cluster over HTTPS on 127.0.0.1.')
    .option('--port <port>', 'port to listen on; 0 takes a free one', wholeNumber, 0)
    .option('--token <token>', 'bearer token of the administrator; default: a new one')
    .option('--kubeconfig <file>', 'write a kubeconfig for kubectl to this file')
    .option('--speed <factor>', "virtual seconds per second, or 'max'", speed)
    .option('--data <file>', 'keep the cluster in this file')
    .option('--memory', 'keep the cluster in memory only (the default)')
    .addOption(new Option('--kubelet <mode>', 'who runs Pods on nodes').choices(['realistic', 'fast', 'manual']).default('realistic'))
    .option('--controllers <list>', "controllers to run: '*', 'name', '-name'", list)
    .option('--node-monitor-grace-period <duration>', 'time without news after which a node is unknown', durationMs)
    .option('--node-monitor-period <duration>', 'how often nodes are looked at', durationMs)
    .option('--node-startup-grace-period <duration>', 'the same grace for a node that starts', durationMs)
    .option('--terminated-pod-gc-threshold <count>', 'ended Pods that are kept', wholeNumber)
    .option('--allocate-node-cidrs [bool]', 'give each node a range of Pod addresses', flag)
    .option('--cluster-cidr <range>', 'the range of Pod addresses')
    .option('--service-cluster-ip-range <range>', 'the range of Service addresses')
    .option('--storage-class <name>', 'make this StorageClass, the default one, unless the preset has classes of its own')
    .option('--ingress-class <name>', 'make this IngressClass, the default one, for the Ingress controller of the cluster')
    .option('--scheduler-config <file>', 'a KubeSchedulerConfiguration: profiles, plugins, weights, arguments', schedulerConfiguration)
    .option('--explain-scheduling', 'write on every Pod what the scheduler found, as annotations of kube-scheduler-simulator')
    .option('--no-metrics', 'serve no metrics API')
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const keys = loadKeys(flags.data === undefined ? undefined : `${flags.data}.keys.json`);
  const options = clusterOptions(flags, keys);
  const persistent = flags.data === undefined ? undefined : openPersistent(flags.data, options);
  const cluster = persistent?.cluster ?? Cluster.create(options, HOOKS);
  const { simulation, api } = cluster;
  const driver = new Driver({
    simulation,
    api,
    ...(flags.speed === undefined ? {} : { speed: flags.speed }),
    onSlice: atMostEvery(TICK_MS, () => persistent?.tick()),
    onRunaway: ({ runaway }) => console.error(`The clock was stopped: a runaway loop of ${runaway?.at(-1)?.component ?? 'unknown'}.`),
  });
  const token = flags.token ?? randomBytes(24).toString('base64url');
  const server = await serveCluster({
    cluster,
    keys,
    token,
    port: flags.port,
    metrics: flags.metrics,
    documentation: lazily(() => readDocumentation(programRoot())),
    before: () => driver.sync(),
    after: () => {
      persistent?.flush();
      driver.wake();
    },
  });
  const ended = signalled();
  driver.start();
  if (flags.kubeconfig !== undefined) writeKubeconfig(flags.kubeconfig, { server: server.url, ca: keys.identity.ca, token });
  else if (flags.token === undefined) console.error(`Token: ${token}`);
  console.log(`Kubepad is serving ${server.url}`);
  await ended;
  driver.dispose();
  await server.close();
  persistent?.dispose();
}

/** How often the position of the clock is written down; writes from outside are written before they are acknowledged. */
const TICK_MS = 1000;

const HOOKS: ClusterHooks = {
  onBug: (component, subject, error) => console.error(`${component} failed at ${subject}:`, error),
};

function atMostEvery(intervalMs: number, act: () => void): () => void {
  let last = -Infinity;
  return () => {
    const now = performance.now();
    if (now - last < intervalMs) return;
    last = now;
    act();
  };
}

function openPersistent(file: string, cluster: ClusterOptions): PersistentCluster {
  return new PersistentCluster({
    cluster,
    hooks: HOOKS,
    journal: new SqliteJournal(file),
    program: PROGRAM,
    warn: (message) => console.error(message),
  });
}

function clusterOptions(flags: ServeFlags, { identity }: ServingKeys): ClusterOptions {
  const optional = {
    nodes: flags.nodes,
    controllers: flags.controllers,
    nodeMonitorGracePeriodMs: flags.nodeMonitorGracePeriod,
    nodeMonitorPeriodMs: flags.nodeMonitorPeriod,
    nodeStartupGracePeriodMs: flags.nodeStartupGracePeriod,
    terminatedPodGcThreshold: flags.terminatedPodGcThreshold,
    allocateNodeCidrs: flags.allocateNodeCidrs,
    clusterCidr: flags.clusterCidr,
    serviceClusterIpRange: flags.serviceClusterIpRange,
    metrics: flags.metrics,
    ingressClass: flags.ingressClass,
    defaultStorageClass: flags.storageClass,
    explainScheduling: flags.explainScheduling,
    schedulerConfiguration: flags.schedulerConfig,
  };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<ClusterOptions>;
  return {
    rootCertificate: identity.ca,
    seed: flags.seed,
    startTime: Date.now(),
    preset: flags.preset,
    kubelet: flags.kubelet,
    ...given,
    ...(flags.config === undefined ? {} : plannedOptions(flags.config)),
  };
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

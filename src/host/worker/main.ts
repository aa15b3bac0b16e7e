/**
 * The worker thread: one cluster, and the answers to the extension's requests.
 * Invariant: what is not plain data does not leave it; a request that fails for a reason of the user is an answer.
 * Counterpart: none in Kubernetes; a language server and a control plane in one thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import type { Cluster } from '../../cluster/cluster.ts';
import { ADDONS, PRESET_NAMES, type ClusterOptions } from '../../cluster/options.ts';
import type { ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import { ClusterBases } from '../../scenario/bases.ts';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import { withScenarios } from '../../scenario/judge.ts';
import { FIRST_CLUSTER } from '../protocol/clusters.ts';
import { tellExtension, type WorkerOptions } from '../protocol/protocol.ts';
import { Admissions, handleAdmissionRequests, tellChangedAdmission } from './admission/admissions.ts';
import { NamedClusters, type Beginning } from './clusters.ts';
import { Connector } from './connector.ts';
import { Editor } from './editor.ts';
import { handleFaultReports } from './faultReports.ts';
import { companionsOf } from './forecast/companions.ts';
import { besides, Forecaster, handleForecastRequests, tellChanged } from './forecast/forecaster.ts';
import { handleClusterRequests, handleEditorRequests, handleRenderingRequests, type Sessions } from './handlers.ts';
import { handleDockerfileRequests, handleImageRequests } from './images.ts';
import { handleImports } from './importing.ts';
import { Lenses } from './lenses.ts';
import { LogFollowers } from './logFollowers.ts';
import { handlePanels, type PanelHost } from './panels.ts';
import { handleRemoteRequests } from './remote.ts';
import { schedulerConfiguration } from './schedulerFile.ts';
import { Scenarios } from './scenarios.ts';
import { Session, type Guest, type SessionOptions } from './session.ts';
import { Targets, type Real } from './targets.ts';
import { handleToolRequests } from './tools.ts';
import { Tours } from './tours.ts';
import { sourceFinder } from './sources.ts';
import { ShownFork } from './timeline/shownFork.ts';
import { handleTimelineRequests } from './timeline/handlers.ts';
import type { Forks } from './timeline/forks.ts';
import { momentText } from './timeline/pastObjects.ts';

function main(): void {
  if (parentPort === null) throw new Error('this file runs as a worker thread');
  const options = workerData as WorkerOptions;
  const connection = createMessageConnection(new PortMessageReader(parentPort), new PortMessageWriter(parentPort));
  const judge = withScenarios(createApiJudge());
  const followers: LogFollowers = new LogFollowers(
    () => session.cluster,
    (follow, text) => void connection.sendNotification(tellExtension.logsAppended, { follow, text }),
  );
  const advanced = (): void => {
    followers.flush();
    panels.advanced();
  };
  /** The simulated clusters; the current one goes on while a real one, or that of a scenario, is shown. */
  const clusters = new NamedClusters({
    dataFile: options.dataFile,
    begin: options.cluster ?? FIRST_CLUSTER,
    open: (name, dataFile, beginning) => openSession(connection, { ...options, dataFile }, advanced, name, beginning),
    show: (wanted) => {
      if (isReal()) targets.leave();
      else show(wanted);
    },
    endGuests: () => endGuests(),
  });
  /** What is shown in place of the current one for a while goes, but for those of one sort. */
  const endGuests = (but?: 'scenario' | 'tour'): void => {
    shownFork.close();
    if (but !== 'scenario') scenarios.end();
    if (but !== 'tour') tours.player.end();
  };
  /** What lists show. */
  let session = clusters.current;
  /** For what no real cluster has: the simulated one stands in. */
  const simulation = (): Session => (session.real === undefined ? session : clusters.current);
  const isReal = (): boolean => session.real !== undefined;
  const store = (): Store => session.cluster.api.store;
  const looked = () => ({ store: session.looked.api.store, past: momentText(session) });
  const resourceOf = (apiVersion: string, kind: string): ResourceType | undefined =>
    session.cluster.api.catalog.strategyForKind(apiVersion, kind)?.resource;
  const editor = new Editor({
    judge,
    extensionPath: options.extensionPath,
    store,
    looked,
    resourceOf,
    now: () => session.looked.simulation.now(),
    hintsChanged: (uris) => void connection.sendNotification(tellExtension.hintsChanged, { uris }),
  });
  editor.references.attach();
  const lenses = new Lenses({
    documents: editor.documents,
    store,
    looked,
    resourceOf,
    changed: (uris) => void connection.sendNotification(tellExtension.lensesChanged, { uris }),
  });
  lenses.attach();
  let moves = session.shown.onDidMove(() => lenses.moved());
  const layers = handleImageRequests(connection, simulation);
  const bases = new ClusterBases();
  const tours: Tours = new Tours({
    judge,
    bases,
    extensionPath: options.extensionPath,
    show: (shown) => show(shown, 'tour'),
    session: () => session,
    endOthers: () => endGuests('tour'),
    changed: () => panels.changed(),
  });
  const sourceOf = sourceFinder(editor.references.index);
  const panels: PanelHost = handlePanels(connection, {
    session: () => session,
    origin: () => shownFork.home.cluster,
    layers,
    sourceOf,
    tours,
  });
  panels.attach();
  const forecaster = new Forecaster({
    session: simulation,
    judge,
    textOf: (uri) => editor.documents.readable(uri),
    companions: (uri, namespace) => companionsOf(uri, editor.references.world(namespace)),
    changed: tellChanged(connection),
  });
  forecaster.attach();
  editor.references.alsoAsk(besides(forecaster));
  const admissions = new Admissions({
    cluster: () => simulation().cluster,
    entriesOf: (uri) => editor.entriesToApply(uri),
    isWritten: (kind, name) => editor.references.isWritten(kind, name),
    isSaid: (uri, range) => editor.references.isMissingSaid(uri, range),
    changed: tellChangedAdmission(connection),
  });
  admissions.attach();
  const followFaults = handleFaultReports(connection, simulation);
  followFaults();
  handleEditorRequests(connection, editor, [lenses, forecaster, admissions]);
  handleForecastRequests(connection, forecaster, isReal);
  handleAdmissionRequests(connection, admissions, isReal);
  handleRenderingRequests(connection, editor);
  const connector = new Connector(simulation, () => editor.texts());
  /** All that listens to the cluster hears the one that there is now. */
  const attach = (): void => {
    lenses.attach();
    moves.dispose();
    moves = session.shown.onDidMove(() => lenses.moved());
    panels.attach();
    followFaults();
    editor.references.attach();
    forecaster.attach();
    admissions.attach();
  };
  const sessions: Sessions = {
    connector,
    session: () => session,
    flush: () => clusters.flush(),
    reset: (planned) => {
      // The cluster that is thrown away is the editor's own, whatever is shown.
      endGuests();
      const isShown = session === clusters.current;
      const fresh = clusters.reset(planned);
      fresh.isHidden = !isShown;
      if (isShown) session = fresh;
      attach();
      return fresh;
    },
  };
  const cluster = handleClusterRequests(connection, judge, sessions, followers);
  /** Shows a cluster in all views; returns what was shown before. */
  const show = (shown: Cluster | Session, guest?: Guest): Session => {
    cluster.leave();
    const former = session;
    former.isHidden = true;
    session =
      shown instanceof Session
        ? shown
        : showCluster(connection, options, advanced, shown, guest, guest === 'fork' ? former.forks : undefined);
    session.isHidden = false;
    attach();
    // Before what is told of its objects: documents have the name of a real cluster in their addresses.
    void connection.sendNotification(tellExtension.clockChanged, session.clock());
    cluster.enter();
    // Who was connected to what is shown no longer would work on a cluster that stands still, or is gone.
    void connector.follow().catch(() => undefined);
    return former;
  };
  const scenarios = new Scenarios({
    judge,
    bases,
    textOf: (uri) => editor.documents.textOf(uri),
    cluster: () => {
      const { driver, cluster: current } = simulation();
      driver.sync();
      return current;
    },
    show: (shown) => show(shown, 'scenario'),
    endOthers: () => endGuests('scenario'),
  });
  const shownFork: ShownFork = new ShownFork({
    session: () => session,
    show: (shown) => show(shown, 'fork'),
  });
  scenarios.handle(connection);
  tours.handle(connection);
  const targets = new Targets({
    show: (real) => {
      endGuests();
      const former = show(real === undefined ? clusters.current : showReal(connection, options, advanced, real));
      if (former.real !== undefined) former.dispose();
    },
    changed: () => void connection.sendNotification(tellExtension.clockChanged, session.clock()),
    tellLogs: (appended) => void connection.sendNotification(tellExtension.logsAppended, appended),
  });
  targets.handle(connection);
  clusters.handle(connection);
  handleImports(connection, clusters, options.seed);
  handleToolRequests(connection, judge, simulation, cluster.reset);
  handleRemoteRequests(connection, simulation);
  handleDockerfileRequests(connection);
  handleTimelineRequests(connection, judge, simulation, shownFork);
  connection.listen();
}

function sessionHooks(
  connection: MessageConnection,
  advanced: () => void,
): Pick<SessionOptions, 'onView' | 'onAdvance' | 'onClock' | 'log'> {
  return {
    onView: (view, diff) => void connection.sendNotification(tellExtension.viewDiff, { view, diff }),
    onAdvance: advanced,
    onClock: (clock) => void connection.sendNotification(tellExtension.clockChanged, clock),
    log: (level, message) => void connection.sendNotification(tellExtension.log, { level, message }),
  };
}

/** A session with a cluster that others let go on. */
function showCluster(
  connection: MessageConnection,
  options: WorkerOptions,
  advanced: () => void,
  shown: Cluster,
  guest: Guest | undefined,
  forks: Forks | undefined,
): Session {
  return new Session({
    ...sessionHooks(connection, advanced),
    cluster: clusterOptions(options),
    dataFile: undefined,
    shown,
    ...(guest === undefined ? {} : { guest }),
    ...(forks === undefined ? {} : { forks }),
  });
}

/** A session with the picture of a real cluster. */
function showReal(connection: MessageConnection, options: WorkerOptions, advanced: () => void, real: Real): Session {
  const shown = real.cluster.cluster;
  return new Session({ ...sessionHooks(connection, advanced), cluster: clusterOptions(options), dataFile: undefined, shown, real });
}

function openSession(
  connection: MessageConnection,
  options: WorkerOptions,
  advanced: () => void,
  name: string,
  { planned = {}, first }: Beginning,
): Session {
  const hooks = sessionHooks(connection, advanced);
  const { log } = hooks;
  const { nodes, ...usual } = clusterOptions(options);
  const cluster: ClusterOptions = {
    ...usual,
    name,
    // Of another preset than usual as many as that has.
    ...(nodes === undefined || planned.preset !== undefined ? {} : { nodes }),
    ...schedulerConfiguration(options.schedulerConfig, (text) => log('error', text)),
    ...planned,
  };
  const open = (dataFile: string | undefined): Session =>
    new Session({ ...hooks, cluster, dataFile, ...(first === undefined ? {} : { first }) });
  try {
    return open(options.dataFile);
  } catch (error) {
    // What cannot be begun at all is no trouble of its file.
    if (options.dataFile === undefined || first !== undefined) throw error;
    // A second window on the same folder, or a broken file: better a cluster without memory than none.
    log(
      'warning',
      `The stored cluster could not be opened (${error instanceof Error ? error.message : String(error)}); this one is kept in memory only.`,
    );
    return open(undefined);
  }
}

function clusterOptions({ seed, preset, nodes }: WorkerOptions): ClusterOptions {
  return {
    name: FIRST_CLUSTER,
    seed,
    startTime: Date.now(),
    ...ADDONS,
    preset: PRESET_NAMES.find((known) => known === preset) ?? 'default',
    ...(nodes === undefined ? {} : { nodes }),
  };
}

main();

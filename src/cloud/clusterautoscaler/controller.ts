/**
 * Lets the NodePools with bounds grow for Pods that fit nowhere, and shrink where nodes are not needed.
 * Invariant: it looks at the cluster at most every ten seconds, and only when something changed or a deadline has come; what it
 * remembers between two looks is plain data. Where no pool has bounds it watches nothing but pools.
 * Counterpart: k8s.io/autoscaler/cluster-autoscaler/core (StaticAutoscaler).
 */
import type { Json, JsonObject } from '../../base/json.ts';
import { NODEPOOLS } from '../../api/kubepad/types.ts';
import { CONFIGMAPS, DEPLOYMENTS, NODES, PODDISRUPTIONBUDGETS } from '../../api/schema/resources.ts';
import type { Deployment } from '../../api/schema/types/apps/v1.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { Client, objectReference } from '../../client/client.ts';
import { WatchCursor } from '../../client/watchCursor.ts';
import type { KubeSchedulerConfiguration } from '../../scheduler/apis/config/types.ts';
import type { Component, SimEvent, TimerId } from '../../sim/component.ts';
import { WAKE, type Simulation } from '../../sim/simulation.ts';
import { Actuator } from './actuator.ts';
import { ClusterState } from './clusterState.ts';
import { Budgets } from './drainability.ts';
import { AutoscalerEvents, DUPLICATE_MS } from './events.ts';
import { PRIORITY_CONFIG } from './expander.ts';
import { autoscalerDeployment, flagsOf } from './flags.ts';
import { Growth } from './growth.ts';
import { isAutoscaled, nodeGroups, type NodeGroup } from './nodeGroup.ts';
import { Observer, WATCHED } from './observer.ts';
import { AUTOSCALER_DEFAULTS, SCAN_INTERVAL_MS, type AutoscalerOptions } from './options.ts';
import { daemonPodsOn, type DaemonPodOn } from './daemonPods.ts';
import { reportPools } from './poolReport.ts';
import { ScaleDownPlanner } from './scaleDown.ts';
import { writeStatus, type GroupReport, type Transitions } from './status.ts';
import { Snapshot } from './snapshot.ts';
import { DELETION_CANDIDATE, hasMark, isBeingDeleted, removeMark, setMark, TO_BE_DELETED } from './taints.ts';

const NAME = 'cluster-autoscaler';
const USER = { name: `system:serviceaccount:kube-system:${NAME}`, groups: ['system:masters', 'system:authenticated'] };
const SCAN = 'scan';
const STEP = 'step';
/** So many nodes are marked as candidates at one look. */
const MAX_BULK_SOFT_TAINT = 10;
/** Nothing was done yet. */
const NEVER = -3_600_000;

export interface AutoscalerEnvironment {
  readonly simulation: Simulation;
  readonly api: ApiServer;
  readonly options?: AutoscalerOptions | undefined;
  readonly schedulerConfiguration?: KubeSchedulerConfiguration | undefined;
  readonly daemonPodOn: DaemonPodOn;
}

export function createClusterAutoscaler(environment: AutoscalerEnvironment): Component {
  return new ClusterAutoscaler(environment);
}

class ClusterAutoscaler implements Component {
  readonly name = NAME;
  private readonly simulation: Simulation;
  private readonly api: ApiServer;
  private readonly client: Client;
  /** What the cluster was made with, and what the flags of an installed Deployment say now. */
  private readonly given: Required<AutoscalerOptions>;
  private options: Required<AutoscalerOptions>;
  private readonly snapshot: Snapshot;
  private readonly observer: Observer;
  private readonly events: AutoscalerEvents;
  private readonly state = new ClusterState(() => this.options);
  private readonly planner = new ScaleDownPlanner();
  private readonly actuator: Actuator;
  private readonly growth: Growth;
  private readonly daemonPods: (node: Node) => readonly Pod[];
  private cursor: WatchCursor;
  private active = false;
  private scan: { readonly id: TimerId; readonly at: number; readonly background: boolean } | undefined;
  private transitions: Transitions = new Map();
  private lastScaleUp = NEVER;
  private lastDelete = NEVER;
  private lastFailure = NEVER;
  /** When something was last seen to change. */
  private lastChange = NEVER;

  constructor({ simulation, api, options = {}, schedulerConfiguration: configuration, daemonPodOn }: AutoscalerEnvironment) {
    this.simulation = simulation;
    this.api = api;
    this.given = { ...AUTOSCALER_DEFAULTS, ...options };
    this.options = this.given;
    const client = new Client(api, USER.name, USER.groups, NAME);
    this.client = client;
    const now = (): number => simulation.now();
    this.snapshot = new Snapshot({ client, now, configuration });
    this.observer = new Observer(this.snapshot);
    this.events = new AutoscalerEvents(client, now);
    this.daemonPods = daemonPodsOn(client, daemonPodOn);
    this.actuator = new Actuator({
      client,
      user: USER,
      events: this.events,
      options: () => this.options,
      now,
      schedule: (node, at) => void simulation.schedule({ at, component: NAME, type: STEP, payload: node }),
      onDeleted: () => (this.lastDelete = now()),
      onFailed: () => (this.lastFailure = now()),
    });
    this.growth = new Growth({
      client,
      snapshot: this.snapshot,
      state: this.state,
      events: this.events,
      options: () => this.options,
      daemonPods: this.daemonPods,
      now,
      chance: (below) => simulation.stream(NAME).int(below),
    });
    this.cursor = new WatchCursor(api.store, NAME, [NODEPOOLS]);
  }

  /** A look is coming up that will see everything: nobody needs to wake it before. */
  isAwake(): boolean {
    return this.scan !== undefined && this.scan.at <= this.simulation.now() + SCAN_INTERVAL_MS && !this.scan.background;
  }

  start(): void {
    this.simulation.wake(NAME);
  }

  handle({ type, payload }: SimEvent): void {
    if (type === STEP) {
      this.takeFlags();
      this.actuator.step(payload as string);
      this.scheduleScan(this.simulation.now(), false);
      return;
    }
    if (type === WAKE && !this.active && !this.client.list(NODEPOOLS).some(isAutoscaled)) {
      this.cursor.poll(NODEPOOLS);
      return;
    }
    if (!this.active) this.activate();
    const concerns = this.observer.observe(this.cursor);
    if (concerns) this.lastChange = this.simulation.now();
    if (type === SCAN) {
      this.scan = undefined;
      const deployment = this.takeFlags();
      // Who has installed the program and runs no Pod of it has none.
      if (deployment?.spec?.replicas !== 0) this.look();
    } else if (concerns) this.scheduleScan(this.simulation.now(), false);
  }

  checkpoint(): JsonObject {
    return {
      active: this.active,
      cursor: this.cursor.checkpoint(),
      nodes: this.snapshot.checkpoint(),
      scan: this.scan === undefined ? null : { ...this.scan },
      events: this.events.checkpoint(),
      state: this.state.checkpoint(),
      planner: this.planner.checkpoint(),
      actuator: this.actuator.checkpoint(),
      transitions: [...this.transitions].map(([key, [status, since]]) => [key, status, since]),
      last: [this.lastScaleUp, this.lastDelete, this.lastFailure, this.lastChange],
    };
  }

  restore(json: Json): void {
    const memory = json as JsonObject;
    this.active = memory['active'] as boolean;
    this.cursor = new WatchCursor(this.api.store, NAME, this.active ? WATCHED : [NODEPOOLS]);
    this.cursor.restore(memory['cursor'] ?? {});
    if (this.active) this.observer.restore(memory['nodes'] ?? [], this.client);
    else this.observer.clear();
    this.scan = (memory['scan'] as unknown as typeof this.scan | null) ?? undefined;
    this.events.restore(memory['events'] ?? {});
    this.state.restore(memory['state'] ?? {});
    this.planner.restore(memory['planner'] ?? {});
    this.actuator.restore(memory['actuator'] ?? []);
    const transitions = memory['transitions'] as unknown as readonly (readonly [string, string, string])[];
    this.transitions = new Map(transitions.map(([key, status, since]) => [key, [status, since]]));
    const last = memory['last'] as readonly number[];
    [this.lastScaleUp = NEVER, this.lastDelete = NEVER, this.lastFailure = NEVER, this.lastChange = NEVER] = last;
  }

  /** The first pool with bounds: from now on Pods and nodes are looked at, too. */
  private activate(): void {
    this.active = true;
    this.cursor = new WatchCursor(this.api.store, NAME, WATCHED);
    // What another run has left half done is done anew, if it is still wanted.
    for (const node of this.client.list(NODES))
      if (isBeingDeleted(node) && !this.actuator.isDeleting(node.metadata.name ?? ''))
        removeMark(this.client, node.metadata.name ?? '', TO_BE_DELETED);
  }

  private takeFlags(): Deployment | undefined {
    const deployment = autoscalerDeployment(this.client);
    const flags = deployment === undefined ? undefined : flagsOf(deployment);
    this.options = { ...this.given, ...flags?.options };
    if (deployment !== undefined)
      for (const problem of flags?.problems ?? [])
        this.events.about(objectReference(DEPLOYMENTS, deployment), 'Warning', 'InvalidFlag', problem);
    return deployment;
  }

  private look(): void {
    const now = this.simulation.now();
    this.planner.begin();
    let groups = nodeGroups(this.client);
    if (groups.length === 0) return;
    this.growth.takeNote(groups);
    groups = nodeGroups(this.client);
    const pods = [...this.observer.unschedulable.values()];
    const { grown, tooNew, waiting } = this.snapshot.trial(() => {
      const outcome = this.growth.grow(groups, pods, this.client.get(CONFIGMAPS, 'kube-system', PRIORITY_CONFIG));
      if (!outcome.grown) this.shrink(groups, outcome.tooNew);
      return outcome;
    });
    if (grown) this.lastScaleUp = now;
    groups = nodeGroups(this.client);
    const reports = groups.map((group) => this.report(group));
    writeStatus(this.client, reports, this.transitions, now);
    reportPools(this.client, reports, this.growth.refusals, this.planner);
    if (tooNew) this.scheduleScan(now + 1, false);
    else this.scheduleDeadlines(waiting, now);
  }

  private shrink(groups: readonly NodeGroup[], tooNew: boolean): void {
    if (!this.options.scaleDownEnabled) return;
    const now = this.simulation.now();
    const input = {
      snapshot: this.snapshot,
      groups,
      budgets: new Budgets(this.client.list(PODDISRUPTIONBUDGETS)),
      options: this.options,
      now,
    };
    this.planner.update(input);
    this.markCandidates(groups);
    if (!tooNew && now >= this.coolDownEnd()) this.actuator.start(this.planner.removable(input));
  }

  /** After growing, removing and failing there is a time in which nothing is removed. */
  private coolDownEnd(): number {
    const { scaleDownDelayAfterAddMs, scaleDownDelayAfterDeleteMs, scaleDownDelayAfterFailureMs } = this.options;
    return Math.max(
      this.lastScaleUp + scaleDownDelayAfterAddMs,
      this.lastDelete + scaleDownDelayAfterDeleteMs,
      this.lastFailure + scaleDownDelayAfterFailureMs,
    );
  }

  private markCandidates(groups: readonly NodeGroup[]): void {
    const now = this.simulation.now();
    const unneeded = new Set(this.planner.unneeded.map(({ node }) => node.metadata.name ?? ''));
    let left = MAX_BULK_SOFT_TAINT;
    for (const node of groups.flatMap(({ nodes }) => nodes)) {
      const name = node.metadata.name ?? '';
      if (left === 0) return;
      if (unneeded.has(name) === hasMark(node, DELETION_CANDIDATE)) continue;
      left--;
      if (unneeded.has(name)) setMark(this.client, name, DELETION_CANDIDATE, now);
      else removeMark(this.client, name, DELETION_CANDIDATE);
    }
  }

  private report(group: NodeGroup): GroupReport {
    const now = this.simulation.now();
    const readiness = this.state.readiness(group, (node) => this.growth.isStarting(node));
    return {
      group,
      readiness,
      isHealthy: this.state.isHealthy(group, readiness),
      isScalingUp: this.state.isScalingUp(group.id),
      backoff: this.state.backoff(group.id, now),
      candidates: this.planner.unneeded.filter((unneeded) => unneeded.group.id === group.id).length,
    };
  }

  /** The next look is at the next moment that can change something; for Pods that nothing helps it is told again now and then. */
  private scheduleDeadlines(waiting: boolean, now: number): void {
    const removal = this.options.scaleDownEnabled ? this.planner.nextDeadline(this.options, now) : undefined;
    const recheck = this.options.scaleDownEnabled
      ? this.planner.nextRecheck(this.lastChange, this.options.unremovableNodeRecheckTimeoutMs)
      : undefined;
    const deadlines = [
      recheck,
      this.state.nextDeadline(now),
      removal === undefined || this.actuator.isBusy ? undefined : Math.max(removal, this.coolDownEnd()),
    ].filter((at) => at !== undefined);
    const foreground = this.state.hasRequests || removal !== undefined || recheck !== undefined || waiting;
    if (deadlines.length > 0) this.scheduleScan(Math.max(now + 1, Math.min(...deadlines)), !foreground);
    else if (waiting) this.scheduleScan(now + DUPLICATE_MS, true);
  }

  /** At the next tick of the scan interval that is not before `at`. */
  private scheduleScan(at: number, background: boolean): void {
    const tick = Math.ceil(at / SCAN_INTERVAL_MS) * SCAN_INTERVAL_MS;
    const before = this.scan;
    if (before !== undefined) {
      if (before.at <= tick && (background || !before.background)) return;
      this.simulation.cancel(before.id);
    }
    const earliest = Math.min(tick, before?.at ?? tick);
    const isRoutine = background && before?.background !== false;
    const id = this.simulation.schedule({ at: earliest, component: NAME, type: SCAN, background: isRoutine });
    this.scan = { id, at: earliest, background: isRoutine };
  }
}

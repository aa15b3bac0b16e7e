/**
 * Lets faults begin and end in time, says so in their status, and switches the parts of the control plane off and on.
 * Invariant: what is off follows from the Faults that are active now; this part remembers nothing but its timers.
 * Counterpart: none in Kubernetes; the controllers of chaos tools do such work.
 */
import type { Draft, Json, JsonObject } from '../../base/json.ts';
import { isActive } from '../../api/kubepad/fault/match.ts';
import { FAULTS, type Fault, type FaultPhase, type FaultStatus } from '../../api/kubepad/types.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { Client } from '../../client/client.ts';
import { WatchCursor } from '../../client/watchCursor.ts';
import type { Component, SimEvent, TimerId } from '../../sim/component.ts';
import { WAKE, type Simulation } from '../../sim/simulation.ts';
import { partsOf } from './parts.ts';
import { phaseAt, spanOf, type Span } from '../../api/kubepad/span.ts';

const NAME = 'fault-controller';

export function createFaultController(environment: { readonly simulation: Simulation; readonly api: ApiServer }): Component {
  return new FaultController(environment.simulation, environment.api);
}

class FaultController implements Component {
  readonly name = NAME;
  private readonly simulation: Simulation;
  private readonly client: Client;
  private readonly cursor: WatchCursor;
  /** When each fault is to be looked at again, by its name. */
  private timers: Record<string, TimerId> = {};

  constructor(simulation: Simulation, api: ApiServer) {
    this.simulation = simulation;
    this.client = new Client(api, `system:kubepad:${NAME}`, ['system:masters', 'system:authenticated'], NAME);
    this.cursor = new WatchCursor(api.store, NAME, [FAULTS]);
  }

  start(): void {
    this.simulation.wake(NAME);
  }

  handle(event: SimEvent): void {
    if (event.type === WAKE) {
      const names = new Set(this.cursor.poll(FAULTS).map(({ object }) => object.metadata.name ?? ''));
      for (const name of names) this.reconcile(name);
    } else {
      const name = event.payload as string;
      delete this.timers[name];
      this.reconcile(name);
    }
    this.switchParts();
  }

  checkpoint(): JsonObject {
    return { cursor: this.cursor.checkpoint(), timers: { ...this.timers } };
  }

  restore(memory: Json): void {
    const state = memory as JsonObject;
    this.cursor.restore(state['cursor'] ?? {});
    this.timers = { ...(state['timers'] as Record<string, TimerId>) };
  }

  private reconcile(name: string): void {
    const timer = this.timers[name];
    if (timer !== undefined) this.simulation.cancel(timer);
    delete this.timers[name];
    const fault = this.client.get(FAULTS, '', name);
    if (fault === undefined) return;
    const nowMs = this.simulation.now();
    const span = spanOf(fault, nowMs);
    const phase = phaseAt(span, nowMs);
    this.client.modify(FAULTS, '', name, (copy) => void (copy.status = statusOf(fault, span, phase, nowMs)), 'status');
    const next = phase === 'Pending' ? span.startMs : phase === 'Active' ? span.endMs : undefined;
    if (next !== undefined) this.timers[name] = this.simulation.schedule({ at: next, component: NAME, type: 'due', payload: name });
  }

  /** Switches off what an active fault names, and on again what none names any more. */
  private switchParts(): void {
    const down = this.client.list(FAULTS).filter((fault) => fault.spec?.type === 'ComponentDown' && isActive(fault));
    const wanted = new Set(down.flatMap((fault) => partsOf(fault.spec?.target?.component ?? '')));
    const off = new Set(this.simulation.switchedOff);
    for (const name of wanted) if (!off.has(name)) this.simulation.switchOff(name);
    for (const name of off) if (!wanted.has(name)) this.simulation.switchOn(name);
  }
}

function statusOf({ metadata, spec, status = {} }: Fault, span: Span, phase: FaultPhase, nowMs: number): Draft<FaultStatus> {
  const component = spec?.type === 'ComponentDown' ? (spec.target?.component ?? '') : '';
  // Programs of nodes are told of by the nodes that feel it.
  const stops = phase === 'Active' && partsOf(component).length > 0;
  const { hit: hitBefore, hits: hitsBefore } = status as Draft<FaultStatus>;
  return {
    ...(hitBefore === undefined ? {} : { hit: hitBefore }),
    ...(hitsBefore === undefined ? {} : { hits: hitsBefore }),
    ...(stops ? { hit: [`Component ${component}`], hits: 1 } : {}),
    phase,
    ...(phase === 'Pending' ? {} : { activeSince: formatTime(span.startMs) }),
    ...(span.endMs === undefined ? {} : { endsAt: formatTime(span.endMs) }),
    conditions: [active(status, metadata.generation, phase, nowMs)],
  };
}

const REASONS: Readonly<Record<FaultPhase, string>> = { Pending: 'NotYetDue', Active: 'InForce', Ended: 'DurationEnded' };

function active(
  { conditions = [] }: FaultStatus,
  generation: number | undefined,
  phase: FaultPhase,
  nowMs: number,
): NonNullable<Draft<FaultStatus>['conditions']>[number] {
  const status = phase === 'Active' ? 'True' : 'False';
  const before = conditions.find(({ type }) => type === 'Active');
  return {
    type: 'Active',
    status,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : formatTime(nowMs),
    reason: REASONS[phase],
    message: '',
  };
}

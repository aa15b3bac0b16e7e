/**
 * The tool that lets time go on.
 * Invariant: the same cluster and the same wish end at the same moment. Counterpart: kubectl wait.
 */
import { formatDuration } from '../../api/kubepad/duration.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { RUN_LIMIT_MS } from '../../sim/simulation.ts';
import type { AheadEnd } from '../runAhead.ts';
import { conditionMet } from './condition.ts';
import { choice, optional, text } from './input.ts';
import { CLUSTER, durationOf, refOf, VERSION } from './shared.ts';
import { answered, defineTool, ToolError } from './tool.ts';

const ENDS: Readonly<Record<AheadEnd, string>> = {
  done: 'Done',
  limit: 'The limit of virtual time was reached first',
  cancelled: 'Cancelled',
  interrupted: 'Somebody else took the clock',
  runaway: 'Stopped at a runaway loop: too many events at one instant',
};

export const runUntil = defineTool({
  name: 'run_until',
  title: 'Run Until',
  description:
    'Lets virtual time of a simulated cluster go on: until nothing is left to do (stable), until nothing is due soon (settled), for a duration (time), or until an object fulfils a condition (object, with kind, name and for). A virtual hour takes a moment.',
  fields: {
    until: choice('What ends the run.', ['stable', 'settled', 'time', 'object']),
    duration: optional(text('time: how long, 90s or 1h30m.')),
    limit: optional(text('Virtual time after which it ends in any case; default 1h.')),
    kind: optional(text('object: its kind or resource.')),
    apiVersion: VERSION,
    name: optional(text('object: its name.')),
    namespace: optional(text('object: its namespace; default: default.')),
    for: optional(text('object: condition=Available, condition=Ready=false, jsonpath={.status.phase}=Running, delete or create.')),
    cluster: CLUSTER,
  },
  act: async ({ clusters, token }, { until, duration, limit, kind, apiVersion, name, namespace, for: wanted, cluster }) => {
    const place = clusters.place(cluster);
    const { simulation } = place.cluster;
    if (until === 'time' && duration === undefined) throw new ToolError('duration: is required with until: time.');
    if (until === 'object' && (kind === undefined || name === undefined || wanted === undefined))
      throw new ToolError('kind, name and for are required with until: object.');
    const isMet =
      kind === undefined || name === undefined || wanted === undefined || until !== 'object'
        ? undefined
        : conditionMet(place.cluster, refOf(place, { kind, apiVersion, name, namespace }), wanted);
    const began = simulation.now();
    const lengthMs = until === 'time' && duration !== undefined ? durationOf('duration', duration) : undefined;
    const limitMs = lengthMs ?? (limit === undefined ? RUN_LIMIT_MS : durationOf('limit', limit));
    const goal = until === 'stable' || until === 'settled' ? until : undefined;
    const end = await place.run({ goal, isMet, limitAt: began + limitMs }, token);
    const ranMs = simulation.now() - began;
    const state = simulation.stable ? 'nothing is left to do' : 'something is still going on';
    const answer = answered(`${ENDS[end]} after ${formatDuration(ranMs)}: it is ${formatTime(simulation.now())}, ${state}.`, {
      end,
      ranMs,
      nowMs: simulation.now(),
      stable: simulation.stable,
    });
    return end === 'done' || end === 'limit' ? answer : { ...answer, isError: true };
  },
});

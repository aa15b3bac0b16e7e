import { PODS } from '../api/schema/resources.ts';
import type { Pod } from '../api/schema/types/core/v1.ts';
import { setPodCondition } from '../api/core/pod/conditions.ts';
import { StatusError } from '../apimachinery/errors/status.ts';
import { objectReference, type Client } from '../client/client.ts';
import type { EventsRecorder } from '../client/eventsRecorder.ts';

/** Writes PodScheduled=False with the text of the refusal, and the node that a preemption promised. Writes only changes. */
export function setUnschedulable(
  client: Client,
  pod: Pod,
  why: { readonly reason: 'Unschedulable' | 'SchedulerError'; readonly message: string },
  nominatedNode: string | undefined,
  nowMs: number,
): void {
  const { namespace, name } = pod.metadata;
  ignoreRefusals(() =>
    client.modify(
      PODS,
      namespace ?? '',
      name ?? '',
      (copy) => {
        const status = (copy.status ??= {});
        setPodCondition(status, { type: 'PodScheduled', status: 'False', ...why }, nowMs);
        if (nominatedNode !== undefined) status.nominatedNodeName = nominatedNode;
      },
      'status',
    ),
  );
}

/** Publishes which node a Pod will be on while something is still to be done before it can be bound; undefined: none any more. */
export function setNominatedNode(client: Client, { metadata }: Pod, node: string | undefined): void {
  const { namespace = '', name = '' } = metadata;
  ignoreRefusals(() =>
    client.modify(
      PODS,
      namespace,
      name,
      (copy) => {
        if (node === undefined) delete copy.status?.nominatedNodeName;
        else (copy.status ??= {}).nominatedNodeName = node;
      },
      'status',
    ),
  );
}

/** Deletes a victim of preemption; its status says by whom first, so that controllers and people can tell. */
export function evictVictim(client: Client, events: EventsRecorder, victim: Pod, preemptor: Pod, node: string, nowMs: number): void {
  const { namespace = '', name = '' } = victim.metadata;
  const message = `${preemptor.spec?.schedulerName ?? ''}: preempting to accommodate a higher priority pod`;
  ignoreRefusals(() => {
    client.modify(
      PODS,
      namespace,
      name,
      (copy) => {
        setPodCondition(
          (copy.status ??= {}),
          { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message },
          nowMs,
        );
      },
      'status',
    );
    client.delete(PODS, namespace, name);
  });
  events.event(
    objectReference(PODS, victim),
    'Normal',
    'Preempted',
    'Preempting',
    `Preempted by pod ${preemptor.metadata.uid ?? ''} on node ${node}`,
  );
}

/** The Pod was deleted or changed by somebody at the same instant, and the watch will tell; or the API server does not let it be written. */
export function ignoreRefusals(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

/**
 * Tells when a fault is over, and what it did, in one line.
 * Invariant: without a fault a write costs one test. Counterpart: none; whoever writes the report after an incident.
 */
import type { MessageConnection } from 'vscode-jsonrpc';
import type { Fault } from '../../api/kubepad/types.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { ImpactModel } from '../panels/object/model.ts';
import { faultRequests, tellOfFaults, type FaultSummary } from '../protocol/fault.ts';
import type { Session } from './session.ts';

const FAULTS = 'faults.kubepad.dev';

/** @returns listens to the cluster that there is now */
export function handleFaultReports(connection: MessageConnection, session: () => Session): () => void {
  let subscription: Disposable | undefined;
  connection.onRequest(faultRequests.list, () => session().impacts.map(summaryOf).toReversed());
  return () => {
    subscription?.dispose();
    const { cluster, faultReports } = session();
    subscription = cluster.api.store.onRevision(({ resource, type, object, previous }) => {
      if (resource !== FAULTS || !isActive(previous) || (type !== 'DELETED' && isActive(object))) return;
      // The act that ended it is not done yet.
      setImmediate(() => {
        const impact = faultReports.now().findLast(({ fault }) => fault === object.metadata.name);
        if (impact !== undefined) void connection.sendNotification(tellOfFaults.over, summaryOf(impact));
      });
    });
  };
}

function isActive(object: object | undefined): boolean {
  return (object as Fault | undefined)?.status?.phase === 'Active';
}

/** `ready Pods 6 → 4, ready again after 1m12s, 12 of 3000 requests lost` */
export function summaryOf({ fault, type, over, rows, tone, recovered, requests, requestsLost }: ImpactModel): FaultSummary {
  const lost = rows.filter((row) => row.lost).map(({ key, before, least }) => `${key.replace(/^R/, 'r')} ${before} → ${least}`);
  const again = tone === 'ok' ? recovered : recovered === 'not yet' ? 'not all are ready again yet' : `ready again ${recovered}`;
  return {
    ref: { apiVersion: 'kubepad.dev/v1', kind: 'Fault', namespace: '', name: fault },
    type,
    active: over === undefined,
    text: [...lost, again, ...(requestsLost ? [`requests: ${requests}`] : [])].join(', '),
  };
}

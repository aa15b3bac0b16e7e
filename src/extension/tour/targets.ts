/** Where the links in tours lead: views, objects of the cluster, samples. */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import type { TourTarget } from '../../host/panels/tour/model.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import { objectsOf, type Kind } from '../cluster/pick.ts';
import { commands, views } from '../ids.ts';
import type { Services } from '../services.ts';

/** Objects that texts may name, by the word that kubectl has for them. */
const KINDS: Readonly<Record<string, Kind>> = {
  pod: { apiVersion: 'v1', kind: 'Pod' },
  node: { apiVersion: 'v1', kind: 'Node' },
  service: { apiVersion: 'v1', kind: 'Service' },
  configmap: { apiVersion: 'v1', kind: 'ConfigMap' },
  secret: { apiVersion: 'v1', kind: 'Secret' },
  pvc: { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  deployment: { apiVersion: 'apps/v1', kind: 'Deployment' },
  replicaset: { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  statefulset: { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  daemonset: { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  job: { apiVersion: 'batch/v1', kind: 'Job' },
  hpa: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  load: { apiVersion: 'kubepad.dev/v1', kind: 'Load' },
};

const VIEW_COMMANDS = {
  cluster: `${views.cluster}.focus`,
  events: `${views.events}.focus`,
  map: commands.openMap,
  timeline: commands.openTimeline,
  comparison: commands.compareWithVms,
  glossary: commands.openGlossary,
} as const;

export async function openTarget(services: Services, target: TourTarget): Promise<void> {
  switch (target.type) {
    case 'view':
      return void (await vscode.commands.executeCommand(VIEW_COMMANDS[target.view]));
    case 'object': {
      const ref = await refOf(services, target.name);
      if (ref === undefined) throw new Error(`${target.name} is not in the cluster now.`);
      return void (await vscode.commands.executeCommand(target.tab === 'why' ? commands.why : commands.openObject, { ref }));
    }
    case 'sample':
      return void (await vscode.commands.executeCommand(commands.openSample, target.folder));
    case 'tour':
      return void (await vscode.commands.executeCommand(commands.openTour, target.tour));
    case 'page':
      return void (await vscode.env.openExternal(vscode.Uri.parse(target.url)));
    default:
      return assertNever(target);
  }
}

/** `deployment/web`, or the first Pod that fits `pod/web-*`. */
async function refOf(services: Services, text: string): Promise<ObjectRef | undefined> {
  const [word = '', name = ''] = text.split('/');
  const kind = KINDS[word];
  if (kind === undefined) return undefined;
  const [prefix = '', ...rest] = name.split('*');
  const fits = (own: string): boolean => (rest.length === 0 ? own === name : own.startsWith(prefix));
  const found = (await objectsOf(services, kind)).filter(({ metadata }) => fits(metadata.name ?? ''));
  const [first] = found.toSorted((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  return first === undefined ? undefined : { ...kind, namespace: first.metadata.namespace ?? '', name: first.metadata.name ?? '' };
}

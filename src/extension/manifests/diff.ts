import * as vscode from 'vscode';
import type { ManifestDifference } from '../../host/protocol/protocol.ts';
import type { Services } from '../services.ts';

/** One difference opens as a diff, several as one editor of many diffs; refusals and "no differences" are said in words. */
export async function showDifferences(services: Services, differences: readonly ManifestDifference[]): Promise<void> {
  const changed = differences.filter(({ change }) => change === 'create' || change === 'update');
  const rejected = differences.filter(({ change }) => change === 'rejected');
  if (rejected.length > 0) void tellRejected(services, rejected);
  const pairs = changed.map((difference) => {
    const name = difference.subject.replaceAll('/', '.');
    return {
      title: `${difference.subject} (${difference.change === 'create' ? 'new' : 'live ↔ merged'})`,
      // The page's name ends in .yaml so that both sides are coloured.
      live: services.texts.put(`/live/${name}.yaml`, difference.live),
      merged: services.texts.put(`/merged/${name}.yaml`, difference.merged),
    };
  });
  const [only, ...others] = pairs;
  if (only === undefined) {
    if (rejected.length === 0)
      void vscode.window.showInformationMessage('Kubepad: no differences; the cluster holds what the manifests say.');
  } else if (others.length === 0) {
    await vscode.commands.executeCommand('vscode.diff', only.live, only.merged, only.title, { preview: true });
  } else {
    const resources = pairs.map(({ live, merged }) => [merged, live, merged]);
    await vscode.commands.executeCommand('vscode.changes', `Cluster ↔ manifests (${pairs.length} objects)`, resources);
  }
}

async function tellRejected(services: Services, rejected: readonly ManifestDifference[]): Promise<void> {
  for (const { subject, message } of rejected) services.output.log('error', `${subject}: ${message}`);
  const text =
    rejected.length === 1
      ? `${rejected[0]?.subject ?? ''}: ${rejected[0]?.message ?? ''}`
      : `${rejected.length} documents would be rejected`;
  const choice = await vscode.window.showErrorMessage(`Kubepad: ${text}`, 'Show Details');
  if (choice !== undefined) services.output.show();
}

/** The glossary: found by its own words and by those of Swarm and Mesos, read as a page. */
import * as vscode from 'vscode';
import { tourRequests } from '../../host/protocol/tour.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { languageOf } from './language.ts';

export function registerGlossary({ host, context }: Services): vscode.Disposable {
  return vscode.commands.registerCommand(commands.openGlossary, async (named?: unknown) => {
    const language = languageOf(context);
    const terms = await host.request(tourRequests.glossary, { language });
    const items = terms.map(({ name, meaning, swarm, mesos }) => ({
      label: name,
      description: [swarm === '' ? '' : `Swarm: ${swarm}`, mesos === '' ? '' : `Mesos: ${mesos}`].filter((each) => each !== '').join(' · '),
      detail: meaning,
      name,
    }));
    const known = terms.find(({ id }) => id === named)?.name;
    const chosen =
      known ??
      (
        await vscode.window.showQuickPick(items, {
          title: language === 'ko' ? '용어집' : 'Glossary',
          placeHolder: language === 'ko' ? 'Kubernetes, Swarm, Mesos의 용어로 찾기' : 'A word of Kubernetes, Swarm or Mesos',
          matchOnDescription: true,
          matchOnDetail: true,
        })
      )?.name;
    if (chosen === undefined) return;
    const file = vscode.Uri.joinPath(context.extensionUri, 'docs', language === 'ko' ? 'glossary.ko.md' : 'glossary.md');
    await vscode.commands.executeCommand('markdown.showPreviewToSide', file.with({ fragment: anchorOf(chosen) }));
  });
}

/** As the preview makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(/\s+/g, '-');
}

/**
 * Guided tours: chosen from a list, taken in a panel beside the live views.
 * Invariant: one tour at a time, in one panel; closing it ends the tour. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import type { TourQuery } from '../../host/panels/tour/model.ts';
import { tourRequests } from '../../host/protocol/tour.ts';
import type { TourCommand } from '../../webview/tour/protocol.ts';
import { commands, views } from '../ids.ts';
import { registerPanels, viewTypes } from '../panel/panels.ts';
import type { Services } from '../services.ts';
import { registerGlossary } from './glossary.ts';
import { chooseLanguage, languageOf } from './language.ts';
import { openTarget } from './targets.ts';

/** The tours that were taken to their end. */
const TAKEN = 'tours.taken';

export function registerTours(services: Services): vscode.Disposable {
  const { host, context } = services;
  const end = async (): Promise<void> => {
    // Without a worker there is nothing to end.
    if (host.state.state === 'running') await host.request(tourRequests.end, {});
  };
  const panels = registerPanels<TourQuery, TourCommand>(services, {
    surface: 'tour',
    viewType: viewTypes.tour,
    icon: 'compass',
    title: () => 'Kubepad Tour',
    key: () => '',
    async run(command, { tour }) {
      switch (command.type) {
        case 'play': {
          await showCluster();
          const { chapter, followed } = command;
          return void (await host.request(tourRequests.play, { tour, chapter, followed }));
        }
        case 'stand':
          await showCluster();
          return void (await host.request(tourRequests.stand, { tour, chapter: command.chapter }));
        case 'hurry':
          return void (await host.request(tourRequests.hurry, {}));
        case 'finish':
          await context.globalState.update(TAKEN, [...new Set([...takenTours(context), tour])]);
          return end();
        case 'end':
          return end();
        case 'pick':
          return void (await vscode.commands.executeCommand(commands.openTour));
        case 'language':
          return chooseLanguage(context, command.language);
        case 'open':
          return openTarget(services, command.target);
        case 'term':
          return void (await vscode.commands.executeCommand(commands.openGlossary, command.term));
        default:
          return assertNever(command);
      }
    },
    // Where the worker ends as well, nothing is left to end.
    closed: () => void end().catch(() => undefined),
  });
  return vscode.Disposable.from(
    panels,
    registerGlossary(services),
    vscode.commands.registerCommand(commands.endTour, end),
    vscode.commands.registerCommand(commands.openTour, async (named?: unknown) => {
      const tour = typeof named === 'string' ? named : await pick(services);
      if (tour !== undefined) panels.open({ surface: 'tour', tour, language: languageOf(context), chapter: 0 });
    }),
  );
}

async function pick({ host, context }: Services): Promise<string | undefined> {
  const language = languageOf(context);
  const isKorean = language === 'ko';
  const taken = new Set(takenTours(context));
  const tours = await host.request(tourRequests.list, { language });
  const items = tours.map(({ name, title, subjects, chapters }) => ({
    label: title,
    description: subjects.join(' · '),
    detail: `${isKorean ? `${chapters}단계` : `${chapters} steps`}${taken.has(name) ? (isKorean ? ', 완료' : ', taken') : ''}`,
    iconPath: new vscode.ThemeIcon(taken.has(name) ? 'pass-filled' : 'compass'),
    name,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: isKorean ? '둘러보기' : 'Take a Tour',
    placeHolder: isKorean ? '직접 해 보며 배우는 Kubernetes의 개념' : 'Concepts of Kubernetes, to be seen and done',
    matchOnDescription: true,
  });
  return chosen?.name;
}

function takenTours({ globalState }: vscode.ExtensionContext): readonly string[] {
  return globalState.get<readonly string[]>(TAKEN, []);
}

/** Beside the text, without taking the keyboard from it. */
async function showCluster(): Promise<void> {
  await vscode.commands.executeCommand(`${views.cluster}.focus`, { preserveFocus: true });
}

/** The language of tours and glossary: the one that was chosen in a tour, else that of VS Code where they are written in it. */
import * as vscode from 'vscode';
import type { TourLanguage } from '../../host/panels/tour/model.ts';

const CHOSEN = 'tours.language';

export function languageOf({ globalState }: vscode.ExtensionContext): TourLanguage {
  const wanted = globalState.get<string>(CHOSEN) ?? vscode.env.language;
  return wanted.startsWith('ko') ? 'ko' : 'en';
}

export async function chooseLanguage({ globalState }: vscode.ExtensionContext, language: TourLanguage): Promise<void> {
  await globalState.update(CHOSEN, language);
}

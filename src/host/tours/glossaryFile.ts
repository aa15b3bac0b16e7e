/** The glossary out of the files that ship, read once for each language. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Term, TourLanguage } from '../panels/tour/model.ts';
import { glossaryOf } from './glossary.ts';

const FILES = { en: 'glossary.md', ko: 'glossary.ko.md' } as const satisfies Readonly<Record<TourLanguage, string>>;

const known = new Map<string, readonly Term[]>();

/** @param root the folder of the extension, or of the checkout; without the file there are no terms */
export function readGlossary(root: string, language: TourLanguage): readonly Term[] {
  const file = join(root, 'docs', FILES[language]);
  let terms = known.get(file);
  if (terms === undefined) {
    try {
      terms = glossaryOf(readFileSync(file, 'utf8'));
    } catch {
      terms = [];
    }
    known.set(file, terms);
  }
  return terms;
}

/** What Swarm and Mesos call objects of a kind, as a line of Markdown; empty: nothing is known. */
export function elsewhereOf(root: string, kind: string): string {
  const id = kind.toLowerCase();
  const term = readGlossary(root, 'en').find((each) => each.id === id);
  if (term === undefined) return '';
  const { swarm, mesos } = term;
  const parts = [swarm === '' ? '' : `Swarm: ${swarm}`, mesos === '' ? '' : `Mesos: ${mesos}`];
  return parts.filter((part) => part !== '').join(' · ');
}

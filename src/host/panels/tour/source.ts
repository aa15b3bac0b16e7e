/**
 * A tour's chapter in the reader's language, and where the tour stands.
 * Invariant: texts are read from the disk once; checks are looked at only while the tour stands still.
 * Counterpart: none in Kubernetes.
 */
import type { Revision } from '../../../apiserver/storage/revision.ts';
import { termsIn, type TourLibrary } from '../../tours/library.ts';
import type { TourPlayer } from '../../tours/player.ts';
import type { PanelSource } from '../panels.ts';
import type { TourModel, TourQuery } from './model.ts';

/** Written all the time, and nothing that a check looks at. */
const IDLE: ReadonlySet<Revision['resource']> = new Set(['leases.coordination.k8s.io', 'clocks.kubepad.dev']);

export function tourSource(library: TourLibrary, player: TourPlayer): PanelSource<TourQuery> {
  return {
    picture: (query) => pictureOf(library, player, query),
    concerns: (_, { resource }) => player.isStanding && !IDLE.has(resource),
    moves: () => false,
  };
}

/** Of what a tour is about its head names no more: it is one line. */
const MOST_SUBJECTS = 6;

function pictureOf(library: TourLibrary, player: TourPlayer, { tour: name, language, chapter }: TourQuery): TourModel | undefined {
  const tour = library.tour(name);
  if (tour === undefined) return undefined;
  const text = library.text(name, language);
  const { title, blocks, after, act, checks } = text.chapters[chapter - 1] ?? text.intro;
  const names = library.names();
  const next = names[names.indexOf(name) + 1];
  return {
    head: {
      title: text.title,
      subjects: library.subjects(name, language).slice(0, MOST_SUBJECTS),
      next: next === undefined ? undefined : { tour: next, title: library.text(next, language).title },
    },
    chapters: text.chapters.map((each, index) => ({ key: String(index + 1), title: each.title })),
    text: { title, blocks, after, act, checks },
    terms: termsIn([...blocks, ...after], library.glossary(language)),
    run: player.runOf(tour),
  };
}

/**
 * The tours and the glossary, from the files that ship: a scenario a tour, and its texts in each language.
 * Invariant: a tour is a scenario whose named steps begin chapters; its texts have a section a chapter, in their order.
 * Counterpart: none in Kubernetes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Judge } from '../../manifest/judge.ts';
import { readScenarios, type ScenarioSource } from '../../scenario/source.ts';
import type { Expectation } from '../../scenario/types.ts';
import type { Block, Term, TourLanguage } from '../panels/tour/model.ts';
import { readGlossary } from './glossaryFile.ts';
import { tourTextOf, type TourText } from './text.ts';

export interface Tour {
  /** The name of its folder. */
  readonly name: string;
  /** The scenario's file: what it names is seen from there. */
  readonly file: string;
  readonly source: ScenarioSource;
  readonly chapters: readonly Chapter[];
}

/** Steps of the scenario that belong together. */
export interface Chapter {
  /** Indexes of its steps: from the first up to, not including, the second. */
  readonly begin: number;
  readonly end: number;
  /** What it comes to. */
  readonly checks: readonly Expectation[];
}

/** The file of a tour's scenario. */
export const TOUR_FILE = 'tour.k8stest.yaml';
/** Which concepts a tour shows, as an annotation of its scenario: `A6, C9`. */
const CONCEPTS = 'kubepad.dev/concepts';

export class TourLibrary {
  private readonly root: string;
  private readonly judge: Judge;
  private readonly tours = new Map<string, Tour>();
  private readonly texts = new Map<string, TourText>();
  private known: readonly string[] | undefined;

  /** @param root the folder that has media/ and docs/ */
  constructor(root: string, judge: Judge) {
    this.root = root;
    this.judge = judge;
  }

  /** In the order in which they are best taken: their folders begin with a number. */
  names(): readonly string[] {
    this.known ??= readdirSync(join(this.root, 'media/tours'), { withFileTypes: true })
      .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
      .toSorted();
    return this.known;
  }

  /** Undefined: there is no tour of that name. */
  tour(name: string): Tour | undefined {
    if (!this.names().includes(name)) return undefined;
    let tour = this.tours.get(name);
    if (tour === undefined) {
      const file = join(this.root, 'media/tours', name, TOUR_FILE);
      const [source] = readScenarios(this.judge, readFileSync(file, 'utf8'));
      if (source === undefined) return undefined;
      tour = { name, file, source, chapters: chaptersOf(source) };
      this.tours.set(name, tour);
    }
    return tour;
  }

  text(name: string, language: TourLanguage): TourText {
    const key = `${name} ${language}`;
    let text = this.texts.get(key);
    if (text === undefined) {
      text = tourTextOf(readFileSync(join(this.root, 'media/tours', name, `${language}.md`), 'utf8'));
      this.texts.set(key, text);
    }
    return text;
  }

  /** What a tour is about, in the words of the glossary, as they come up in it. */
  subjects(name: string, language: TourLanguage): readonly string[] {
    const { intro, chapters } = this.text(name, language);
    const blocks = [intro, ...chapters].flatMap((part) => [...part.blocks, ...part.after]);
    const words = new Map(this.glossary(language).map((term) => [term.id, term.name]));
    return [...termIdsIn(blocks)].flatMap((id) => words.get(id) ?? []);
  }

  glossary(language: TourLanguage): readonly Term[] {
    return readGlossary(this.root, language);
  }
}

export function conceptsOf({ source }: Tour): readonly string[] {
  const { annotations } = source.scenario.metadata as { readonly annotations?: Readonly<Record<string, string>> };
  return (annotations?.[CONCEPTS] ?? '').split(/[\s,]+/).filter((concept) => concept !== '');
}

/** What the entries are that a text names. */
export function termsIn(blocks: readonly Block[], glossary: readonly Term[]): readonly Term[] {
  const named = termIdsIn(blocks);
  return glossary.filter(({ id }) => named.has(id));
}

function termIdsIn(blocks: readonly Block[]): ReadonlySet<string> {
  const named = new Set<string>();
  for (const block of blocks) {
    const spans = block.type === 'code' ? [] : block.type === 'list' ? block.items.flat() : block.spans;
    for (const span of spans) if (span.type === 'term') named.add(span.term);
  }
  return named;
}

function chaptersOf({ steps }: ScenarioSource): readonly Chapter[] {
  const begins = steps.flatMap(({ step }, index) => (step.name === undefined ? [] : [index]));
  return begins.map((begin, index) => {
    const end = begins[index + 1] ?? steps.length;
    return { begin, end, checks: steps.slice(begin, end).flatMap(({ step }) => step.expect ?? []) };
  });
}

/**
 * The text of a tour in one language: what stands before the first chapter, then a section a chapter.
 * Invariant: pure. In a section a link to `do:` is its button, a list of tasks its checks. Counterpart: none in Kubernetes.
 */
import type { Block, Span } from '../panels/tour/model.ts';
import { blocksOf, sectionsOf, spansOf, type Section } from './markdown.ts';

export interface ChapterText {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** What is told when it has been done: what stands below the button. */
  readonly after: readonly Block[];
  /** What its button says. */
  readonly act: string | undefined;
  /** What its checks say, one for each expectation of the chapter. */
  readonly checks: readonly (readonly Span[])[];
}

export interface TourText {
  readonly title: string;
  readonly intro: ChapterText;
  readonly chapters: readonly ChapterText[];
}

const ACT = /^\[([^\]]+)\]\(do:\)$/;
const CHECK = /^- \[ \] +(.+)$/;

export function tourTextOf(text: string): TourText {
  const [intro = { title: '', lines: [] }, ...chapters] = sectionsOf(text);
  return { title: intro.title, intro: chapterOf(intro), chapters: chapters.map(chapterOf) };
}

function chapterOf({ title, lines }: Section): ChapterText {
  const all = (pattern: RegExp): readonly string[] => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  const at = lines.findIndex((line) => ACT.test(line));
  const told = (part: readonly string[]): readonly Block[] => blocksOf(part.filter((line) => !ACT.test(line) && !CHECK.test(line)));
  return {
    title,
    blocks: told(at < 0 ? lines : lines.slice(0, at)),
    after: at < 0 ? [] : told(lines.slice(at)),
    act: all(ACT)[0],
    checks: all(CHECK).map(spansOf),
  };
}

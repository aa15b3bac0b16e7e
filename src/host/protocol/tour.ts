/**
 * The part of the contract with the worker that speaks of guided tours and the glossary.
 * Invariant: as in protocol.ts. A tour has a cluster of its own, which is shown in place of the editor's until it ends.
 */
import { RequestType } from 'vscode-jsonrpc';
import type { Term, TourLanguage } from '../panels/tour/model.ts';

export interface TourOutline {
  /** The name of its folder. */
  readonly name: string;
  readonly title: string;
  /** What it is about, in the words of the glossary. */
  readonly subjects: readonly string[];
  readonly chapters: number;
}

/** @see TourQuery: chapters are counted from 1 */
export interface TourPlace {
  readonly tour: string;
  readonly chapter: number;
}

type Nothing = Readonly<Record<string, never>>;

export const tourRequests = {
  list: new RequestType<{ readonly language: TourLanguage }, readonly TourOutline[], void>('tour/list'),
  glossary: new RequestType<{ readonly language: TourLanguage }, readonly Term[], void>('tour/glossary'),
  /** Plays a chapter, those before it at once; answers when it is played. */
  play: new RequestType<TourPlace & { /** At a pace that a person can follow. */ readonly followed: boolean }, null, void>('tour/play'),
  /** Stands where the chapter begins. */
  stand: new RequestType<TourPlace, null, void>('tour/stand'),
  /** What is being played goes as fast as it can. */
  hurry: new RequestType<Nothing, null, void>('tour/hurry'),
  /** The editor's own cluster is shown again. */
  end: new RequestType<Nothing, null, void>('tour/end'),
} as const;

/**
 * A guided tour as a panel shows it: its texts as blocks, where it stands, what of the reached state holds.
 * Invariant: plain data, so that worker, extension and browser code share it. Counterpart: none in Kubernetes.
 */

/** The languages that tours and glossary are written in. */
export type TourLanguage = 'en' | 'ko';

export interface TourQuery {
  readonly surface: 'tour';
  /** The name of its folder. */
  readonly tour: string;
  readonly language: TourLanguage;
  /** The chapter that is read, from 1; 0: what stands before the first. */
  readonly chapter: number;
}

/** What a link leads to. */
export type TourTarget =
  | { readonly type: 'view'; readonly view: 'cluster' | 'events' | 'map' | 'timeline' | 'comparison' | 'glossary' }
  /** `deployment/web`, and the tab of its panel. */
  | { readonly type: 'object'; readonly name: string; readonly tab: 'state' | 'why' }
  /** A file or folder of the samples. */
  | { readonly type: 'sample'; readonly folder: string }
  | { readonly type: 'tour'; readonly tour: string }
  | { readonly type: 'page'; readonly url: string };

/** A piece of a line. */
export type Span =
  | { readonly type: 'text' | 'strong' | 'code'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly target: TourTarget }
  | { readonly type: 'term'; readonly text: string; readonly term: string };

export type Block =
  | { readonly type: 'paragraph' | 'note'; readonly spans: readonly Span[] }
  | { readonly type: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Span[])[] }
  | { readonly type: 'code'; readonly text: string };

/** An entry of the glossary. */
export interface Term {
  /** `replicaset`. */
  readonly id: string;
  readonly name: string;
  readonly meaning: string;
  /** What Swarm and Mesos call it; empty: they have nothing of the kind. */
  readonly swarm: string;
  readonly mesos: string;
}

export interface ChapterHead {
  /** Its number. */
  readonly key: string;
  readonly title: string;
}

export interface TourModel {
  readonly head: {
    readonly title: string;
    /** What it is about, in the words of the glossary. */
    readonly subjects: readonly string[];
    /** The one after it; undefined: it is the last. */
    readonly next: { readonly tour: string; readonly title: string } | undefined;
  };
  readonly chapters: readonly ChapterHead[];
  /** The chapter that is read. */
  readonly text: {
    readonly title: string;
    readonly blocks: readonly Block[];
    /** To be read when it has been done. */
    readonly after: readonly Block[];
    /** What its button says; undefined: there is nothing to do but to read. */
    readonly act: string | undefined;
    readonly checks: readonly (readonly Span[])[];
  };
  /** The entries that the text names. */
  readonly terms: readonly Term[];
  readonly run: TourRun;
}

export interface TourRun {
  /** Another tour, or none, has the cluster; it stands between two chapters; a chapter is being played. */
  readonly state: 'none' | 'standing' | 'playing';
  /** How many chapters have been played. */
  readonly at: number;
  /** Which checks of the last played chapter hold now. */
  readonly held: readonly boolean[];
  /** What went otherwise, in words. */
  readonly failures: readonly string[];
}

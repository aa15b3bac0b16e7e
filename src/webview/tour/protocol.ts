/** What a tour asks the extension for; the rest is as in panel/protocol.ts. */
import type { TourLanguage, TourTarget } from '../../host/panels/tour/model.ts';

export type TourCommand =
  /** Plays a chapter; followed: at a pace that a person can follow. */
  | { readonly type: 'play'; readonly chapter: number; readonly followed: boolean }
  /** The cluster as it was where a chapter begins. */
  | { readonly type: 'stand'; readonly chapter: number }
  | { readonly type: 'hurry' }
  /** The tour has been taken to its end. */
  | { readonly type: 'finish' }
  | { readonly type: 'end' }
  | { readonly type: 'pick' }
  | { readonly type: 'language'; readonly language: TourLanguage }
  | { readonly type: 'open'; readonly target: TourTarget }
  | { readonly type: 'term'; readonly term: string };

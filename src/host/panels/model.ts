/**
 * What editor panels ask for and show: one query and one picture in parts per surface.
 * Invariant: plain data without imports but those of the surfaces' own models, so that worker, extension and browser code share it.
 * Counterpart: none in Kubernetes.
 */
import type { PartsChange } from '../../base/parts.ts';
import type { BuildQuery } from './build/model.ts';
import type { ComparisonQuery } from './comparison/model.ts';
import type { ContainerQuery } from './container/model.ts';
import type { MapQuery } from './map/model.ts';
import type { ObjectQuery } from './object/model.ts';
import type { TimelineQuery } from './timeline/model.ts';
import type { TourQuery } from './tour/model.ts';

/** Names one open panel; chosen by the extension, unique while the panel is open. */
export type PanelId = string;

export type PanelQuery = BuildQuery | ComparisonQuery | ContainerQuery | MapQuery | ObjectQuery | TimelineQuery | TourQuery;

export type PanelSurface = PanelQuery['surface'];

/** Grows by one with every message of a panel; the first message sets everything. */
export type PanelChange =
  | ({ readonly type: 'change'; readonly sequence: number } & PartsChange)
  /** What the panel is about is not in the cluster (any more); what was told of it last stays as it was. */
  | { readonly type: 'gone'; readonly sequence: number };

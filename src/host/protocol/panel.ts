/**
 * The part of the contract with the worker that speaks of editor panels.
 * Invariant: as in protocol.ts; a panel is asked for once and told of every change, nothing is polled.
 */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { ContainerQuery } from '../panels/container/model.ts';
import type { ObjectRef } from './view.ts';
import type { PanelChange, PanelId, PanelQuery } from '../panels/model.ts';

export const tellPanels = {
  /** Opens a panel, or changes what an open one asks for. The answer is a `panel/changed`. */
  query: new NotificationType<{ readonly panel: PanelId; readonly query: PanelQuery }>('panel/query'),
  close: new NotificationType<{ readonly panel: PanelId }>('panel/close'),
} as const;

export const tellOfPanels = {
  /** At most ten a second and panel, and only if something changed. */
  changed: new NotificationType<{ readonly panel: PanelId; readonly change: PanelChange }>('panel/changed'),
} as const;

export const panelRequests = {
  /** Why an object is as it is, as a text; null: it is not in the cluster. */
  why: new RequestType<{ readonly ref: ObjectRef; readonly revision: string | undefined }, string | null, void>('panel/why'),
  /** The text of a file in a container; null: there is no such file. */
  file: new RequestType<{ readonly query: ContainerQuery; readonly path: string }, string | null, void>('panel/file'),
} as const;

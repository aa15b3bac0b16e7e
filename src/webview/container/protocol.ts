/** What the panel of a container asks the extension for; the rest is as in panel/protocol.ts. */
import type { ObjectRef } from '../../host/protocol/view.ts';

export type ContainerCommand =
  | { readonly type: 'shell' }
  | { readonly type: 'portForward' }
  | { readonly type: 'openFile'; readonly path: string }
  /** The log as a document. */
  | { readonly type: 'log'; readonly previous: boolean }
  | { readonly type: 'describe'; readonly ref: ObjectRef }
  /** The same panel for another container. */
  | { readonly type: 'look'; readonly ref: ObjectRef }
  | { readonly type: 'compare'; readonly node: string };

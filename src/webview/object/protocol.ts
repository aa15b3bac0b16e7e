/** What the panel of an object asks the extension for; the rest is as in panel/protocol.ts. */
import type { ObjectTab, SourceModel } from '../../host/panels/object/model.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';

export type ObjectCommand =
  /** The same panel for another object. */
  | { readonly type: 'open'; readonly ref: ObjectRef; readonly tab: ObjectTab }
  | { readonly type: 'source'; readonly source: SourceModel }
  | { readonly type: 'describe' }
  | { readonly type: 'yaml' }
  /** What leads to it and what it leads to. */
  | { readonly type: 'map' }
  /** Its row in the tree. */
  | { readonly type: 'reveal' }
  | { readonly type: 'copyLink' }
  /** The chain of causes as a document. */
  | { readonly type: 'whyText'; readonly revision: string | undefined };

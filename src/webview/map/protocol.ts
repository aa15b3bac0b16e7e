/** What the map asks the extension for; the rest is as in panel/protocol.ts. */
import type { ObjectRef } from '../../host/protocol/view.ts';

/** What the menu of a box offers. */
export type NodeCommand = 'openObject' | 'why' | 'describe' | 'yaml' | 'inspectContainer' | 'logs' | 'fault';

export type MapCommand = { readonly type: 'act'; readonly command: NodeCommand; readonly ref: ObjectRef };

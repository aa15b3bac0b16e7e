/** What the map asks the extension for; the rest is as in panel/protocol.ts. */
import type { MapQuery } from '../../host/panels/map/model.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';

/** What the menu of a box offers. */
export type NodeCommand = 'openObject' | 'why' | 'describe' | 'yaml' | 'inspectContainer' | 'logs' | 'fault';

export type MapCommand =
  | { readonly type: 'act'; readonly command: NodeCommand; readonly ref: ObjectRef }
  /** Stops a part by a Fault. */
  | { readonly type: 'stop'; readonly component: string; /** Of a node's program. */ readonly node: string | undefined }
  /** Ends the Faults that stop a part. */
  | { readonly type: 'start'; readonly faults: readonly string[] }
  /** Shows the moment of a request everywhere. */
  | { readonly type: 'show'; readonly revision: number };

/** What is asked for first. */
export const WHOLE_MAP: MapQuery = {
  surface: 'map',
  tab: 'traffic',
  groupBy: 'workload',
  namespace: '',
  filter: '',
  problems: false,
  focus: undefined,
  toggled: [],
};

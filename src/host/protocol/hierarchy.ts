/** What is asked of the worker about who uses an object and what it uses. Part of the contract in `protocol.ts`. */
import { RequestType } from 'vscode-jsonrpc';
import type { HierarchyItem, HierarchyUse } from '../../manifest/navigation/hierarchy.ts';
import type { DocumentPosition } from './protocol.ts';

export const hierarchyRequests = {
  at: new RequestType<DocumentPosition, readonly HierarchyItem[], void>('hierarchy/at'),
  usersOf: new RequestType<HierarchyItem, readonly HierarchyUse[], void>('hierarchy/usersOf'),
  usedBy: new RequestType<HierarchyItem, readonly HierarchyUse[], void>('hierarchy/usedBy'),
} as const;

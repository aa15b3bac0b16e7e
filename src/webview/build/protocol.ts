/** What the panel of a build asks the extension for; the rest is as in panel/protocol.ts. */
import type { ObjectRef } from '../../host/protocol/view.ts';

export type BuildCommand =
  | { readonly type: 'build' }
  /** `localhost:5000/web:1` */
  | { readonly type: 'push'; readonly reference: string }
  | { readonly type: 'rollOut'; readonly reference: string }
  /** A line of the Dockerfile, from 1. */
  | { readonly type: 'line'; readonly line: number }
  | { readonly type: 'describe'; readonly ref: ObjectRef };

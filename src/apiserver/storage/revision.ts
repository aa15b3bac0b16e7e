import type { KubeObject } from '../../apimachinery/meta/resource.ts';

/** One write, as history keeps it: who did it, why, and which earlier write led to it. */
export interface Revision {
  /** The resourceVersion that the write gave; grows by one over all resources. */
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** `pods`, `deployments.apps` */
  readonly resource: string;
  readonly key: string;
  /** The object after the write; with DELETED, its last state under the revision of the deletion. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  /** Virtual time, milliseconds since 1970. */
  readonly at: number;
  /** User name of the request. */
  readonly actor: string;
  /** The verb and subresource: `create`, `update status`, `delete`, `bind`. */
  readonly verb: string;
  /** The revision that led to this write; undefined for a person's own act. */
  readonly cause: number | undefined;
}

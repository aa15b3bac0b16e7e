/** A Dockerfile and the images that came of it, or an image that somebody else built, as a panel shows it. */
import type { Keyed } from '../../../base/parts.ts';
import type { ObjectRef } from '../../protocol/view.ts';

export interface BuildQuery {
  readonly surface: 'build';
  /** Undefined: the panel is about a repository. */
  readonly dockerfile: DockerfileQuery | undefined;
  /** Without a tag: `localhost:5000/web`, `nginx`. Empty: those that were built from the Dockerfile. */
  readonly repository: string;
  /** The object whose layers are shown; undefined: the newest. */
  readonly image: string | undefined;
}

export interface DockerfileQuery {
  /** As Images name it. */
  readonly uri: string;
  /** On the disk. */
  readonly path: string;
  readonly context: string;
  /** Grows when files have changed on the disk. */
  readonly version: number;
}

/** A step as the next build would carry it out. */
export interface StepModel extends Keyed {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly cached: boolean;
  readonly tookMs: number;
  readonly sizeBytes: number;
  /** Why it does not come from the cache; empty if it does. */
  readonly why: string;
}

export interface BuildProblem {
  readonly message: string;
  readonly line: number | undefined;
}

export interface ImageModel extends Keyed {
  readonly repository: string;
  readonly tags: readonly string[];
  readonly digest: string;
  readonly sizeBytes: number;
  readonly pushed: boolean;
  readonly nodes: readonly string[];
  readonly nodeCount: number;
  /** Virtual milliseconds since 1970. */
  readonly createdAt: number;
}

export interface ImageLayerModel extends Keyed {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly createdBy: string;
  readonly files: number;
  /** Images of the cluster that have the same layer, this one included. */
  readonly images: number;
}

export interface RegistryModel extends Keyed {
  /** `docker.io`, `localhost:5000` */
  readonly registry: string;
  readonly kind: string;
  readonly repository: string;
  readonly pushed: readonly string[];
  /** Tags that only the builder has. */
  readonly local: readonly string[];
}

export interface UserModel extends Keyed {
  readonly ref: ObjectRef;
  readonly image: string;
  readonly state: string;
}

export interface BuildModel {
  readonly title: string;
  readonly steps: readonly StepModel[];
  readonly problem?: BuildProblem;
  readonly images: readonly ImageModel[];
  /** The one whose layers are shown. */
  readonly shown: string;
  readonly layers: readonly ImageLayerModel[];
  /** From the topmost base on: `node:24-alpine`. */
  readonly base: string;
  readonly registries: readonly RegistryModel[];
  readonly users: readonly UserModel[];
  /** Nodes that have an image of the repository which nobody described. */
  readonly holders: readonly (Keyed & { readonly images: readonly string[]; readonly sizeBytes: number })[];
}

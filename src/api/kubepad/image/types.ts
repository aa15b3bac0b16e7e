/** The object `Image`: what a container can be made of, built from a Dockerfile or described by hand. */
import type { ObjectMeta } from '../../../apimachinery/meta/types.ts';
import type { ResourceType } from '../../../apimachinery/meta/resource.ts';

export interface Image {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec?: ImageSpec;
  readonly status?: ImageStatus;
}

export interface ImageSpec {
  /** Registry and path without a tag: `localhost:5000/shop/web`, `team/web`. Without a registry it is Docker Hub's. */
  readonly repository: string;
  /** The names after the colon that mean this image. Default at creation: latest. An image that lost them all goes by its digest. */
  readonly tags?: readonly string[];
  /** Whether the registry has it, so that nodes can pull it. False: only the builder has. Default true. */
  readonly pushed?: boolean;
  /** From the lowest to the topmost. Without any the image is as large as one that nobody described. */
  readonly layers?: readonly ImageLayer[];
  readonly config?: ImageConfig;
  readonly program?: ImageProgram;
  /** The image that it was built on, as FROM names it; `layers` says what was added to it and how large it is itself. */
  readonly base?: string;
  readonly source?: ImageSource;
}

export interface ImageLayer {
  /** `sha256:…` of what is in it. Default: of size, origin and files. */
  readonly digest?: string;
  /** Bytes. */
  readonly size: number;
  /** The instruction that made it. */
  readonly createdBy?: string;
  readonly files?: readonly ImageFile[];
}

export const FILE_TYPES = ['Directory', 'File', 'Removed'] as const;

export interface ImageFile {
  /** Absolute. */
  readonly path: string;
  /** Default File; Removed hides what lower layers have there. */
  readonly type?: (typeof FILE_TYPES)[number];
  /** Permission bits. Default 0644, 0755 for directories. */
  readonly mode?: number;
  /** The content as text; `base64` for other bytes. */
  readonly text?: string;
  readonly base64?: string;
  /** Bytes of a file whose content is not kept, because it is large. */
  readonly size?: number;
}

export interface ImageConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: readonly ImageVariable[];
  readonly workingDir?: string;
  /** `8080/tcp` */
  readonly ports?: readonly string[];
  /** `name`, `uid`, `name:group` or `uid:gid`. Default root. */
  readonly user?: string;
  readonly labels?: { readonly [name: string]: string };
  readonly volumes?: readonly string[];
  readonly stopSignal?: string;
  readonly shell?: readonly string[];
  readonly healthcheck?: ImageHealthcheck;
  /** Instructions for the builds that take this image as their base. */
  readonly onBuild?: readonly string[];
}

export interface ImageVariable {
  readonly name: string;
  readonly value?: string;
}

/** Kept for `docker run`; Kubernetes has probes instead and looks at none of it. */
export interface ImageHealthcheck {
  /** `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", "…"]`. */
  readonly test: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly startPeriod?: string;
  readonly startInterval?: string;
  readonly retries?: number;
}

/** What a container of the image does, where its command does not say it. */
export interface ImageProgram {
  /** From the start of the container until it answers. */
  readonly startTime?: string;
  /** How much memory it has taken at a time after its start. */
  readonly memory?: readonly ImageMemory[];
  /** CPU time that one request costs. */
  readonly cpuPerRequest?: string;
  /** It ends by itself after that time, with `exitCode`. */
  readonly exitAfter?: string;
  readonly exitCode?: number;
  readonly failingPaths?: readonly FailingPath[];
}

export interface ImageMemory {
  readonly after?: string;
  readonly amount: string;
}

/** A path that is answered with an error. */
export interface FailingPath {
  readonly path: string;
  /** How long after the start it begins to fail. Default: at once. */
  readonly after?: string;
  /** Default 500. */
  readonly code?: number;
  /** Default: the first port of the configuration. */
  readonly port?: number;
}

/** Where in the workspace it was built. */
export interface ImageSource {
  /** As a path in the workspace, or a URI. */
  readonly dockerfile: string;
  readonly context?: string;
  readonly target?: string;
}

export interface ImageStatus {
  /** `sha256:…` of layers and configuration: two images with the same digest are the same. */
  readonly digest?: string;
  /** Bytes of all layers. */
  readonly size?: number;
  /** How many nodes have it, and the first of them. */
  readonly nodeCount?: number;
  readonly nodes?: readonly string[];
}

export const IMAGES: ResourceType<Image> = { group: 'kubepad.dev', version: 'v1', plural: 'images', kind: 'Image', namespaced: false };

/** So many nodes are named in a status. */
export const NODES_NAMED = 20;

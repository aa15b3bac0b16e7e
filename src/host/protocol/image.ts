/**
 * The part of the contract with the worker that speaks of images and Dockerfiles.
 * Invariant: as in protocol.ts. What is wrong with a build is an answer.
 */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { Completion, Diagnostic, Hover, Position } from '../../manifest/model.ts';
import type { ObjectRef } from './view.ts';

export interface ImageBuildParams {
  /** Paths on the disk. */
  readonly dockerfile: string;
  readonly context: string;
  /** `web:1`, `localhost:5000/web:1` */
  readonly names: readonly string[];
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly noCache?: boolean;
  /** How the Image says where it was built. */
  readonly source: { readonly dockerfile: string; readonly context?: string; readonly target?: string };
  /** Names the build in `image/progress`; undefined: no lines are wanted. */
  readonly progress: string | undefined;
}

export interface ImageBuildStep {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly cached: boolean;
  readonly tookMs: number;
  readonly sizeBytes: number;
}

export interface BuiltImage {
  /** Of the object. */
  readonly name: string;
  readonly repository: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

export interface ImageBuildAnswer {
  readonly ok: boolean;
  readonly cancelled: boolean;
  /** What is wrong; with the lines of the Dockerfile, from 1, if it is about some. */
  readonly message: string;
  readonly line?: number | undefined;
  readonly endLine?: number | undefined;
  readonly steps: readonly ImageBuildStep[];
  readonly images: readonly BuiltImage[];
}

export interface ImagePushAnswer {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/** What the cluster has of an image's name. */
export interface KnownImage {
  /** The builder or the registry has an image by this name. */
  readonly built: boolean;
  readonly pushed: boolean;
  /** Where it, or another of its repository, was built; empty: nobody knows. */
  readonly dockerfile: string;
}

/** A workload whose Pods name an image. */
export interface ImageUser {
  readonly ref: ObjectRef;
  readonly image: string;
}

export interface DockerfilePlace {
  readonly text: string;
  readonly position: Position;
}

export interface BuildProgress {
  readonly progress: string;
  readonly lines: readonly string[];
}

export const imageRequests = {
  build: new RequestType<ImageBuildParams, ImageBuildAnswer, void>('image/build'),
  push: new RequestType<{ readonly reference: string }, ImagePushAnswer, void>('image/push'),
  known: new RequestType<{ readonly references: readonly string[] }, readonly (KnownImage | null)[], void>('image/known'),
  /** Workloads that name an image of the repositories, tags aside. */
  users: new RequestType<{ readonly repositories: readonly string[] }, readonly ImageUser[], void>('image/users'),

  problems: new RequestType<{ readonly text: string }, readonly Diagnostic[], void>('dockerfile/problems'),
  hover: new RequestType<DockerfilePlace, Hover | null, void>('dockerfile/hover'),
  completion: new RequestType<DockerfilePlace, readonly Completion[], void>('dockerfile/completion'),
} as const;

export const tellOfImages = {
  /** Lines of a build, as `docker build` prints them. */
  progress: new NotificationType<BuildProgress>('image/progress'),
} as const;

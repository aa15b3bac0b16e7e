/**
 * A stage while it is being built: configuration, variables, files and layers so far.
 * Invariant: `key` says all that the next step depends on; the same key means the same layer.
 * Counterpart: dispatchState of github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb.
 */
import type { Draft } from '../../base/json.ts';
import { sha256 } from '../../base/sha256.ts';
import type { ImageConfig, ImageLayer } from '../../api/kubepad/image/types.ts';
import type { BaseImage } from '../base/known.ts';
import { expandText, type ExpandError, type Variables } from '../dockerfile/expand.ts';
import type { Instruction } from '../dockerfile/parse.ts';
import { plainFile } from './run.ts';
import type { Tree, TreeFile } from './tree.ts';

export interface StageState {
  /** As progress names it; empty if there is but one. */
  readonly label: string;
  readonly config: Draft<ImageConfig>;
  /** Values of ARG so far. */
  readonly args: Map<string, string>;
  readonly layers: ImageLayer[];
  readonly tree: Tree;
  readonly packages: BaseImage['packages'];
  /** What FROM names in the end. */
  readonly base: string;
  /** The base with its digest, as progress shows it. */
  readonly source: string;
  /** All steps so far, as a digest. */
  key: string;
  /** Files may be there that nobody knows of. */
  openEnded: boolean;
  /** CMD is the base's own: an ENTRYPOINT takes it away. */
  inheritsCmd: boolean;
}

export function variablesOf({ config, args }: StageState): Variables {
  return (name) => config.env?.findLast((variable) => variable.name === name)?.value ?? args.get(name);
}

export function expanded(state: StageState, text: string, escape: string): string | ExpandError {
  return expandText(text, variablesOf(state), escape);
}

export function setVariable(state: StageState, name: string, value: string): void {
  const env = (state.config.env ??= []);
  const at = env.findIndex((variable) => variable.name === name);
  if (at < 0) env.push({ name, value });
  else env[at] = { name, value };
}

export function workingDir({ config }: StageState): string {
  return config.workingDir ?? '/';
}

/** What a shell form is run with. */
export function shellOf({ config }: StageState): readonly string[] {
  return config.shell ?? ['/bin/sh', '-c'];
}

/** The next step's key, and by it the digest of its layer. */
export function nextKey(state: StageState, definition: string, inputs: string): { readonly key: string; readonly digest: string } {
  const key = sha256(`${state.key}\n${definition}\n${inputs}`);
  return { key, digest: `sha256:${sha256(`layer ${key}`)}` };
}

/** What a RUN depends on beside its script: user, directory, environment and arguments. */
export function surroundingsOf(state: StageState): string {
  const { config, args } = state;
  return JSON.stringify([
    config.user ?? '',
    workingDir(state),
    shellOf(state),
    config.env ?? [],
    [...args].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

export function layerOf(instruction: Instruction, digest: string, size: number, files: readonly TreeFile[]): ImageLayer {
  return { digest, size, createdBy: instruction.original, ...(files.length === 0 ? {} : { files: files.map(plainFile) }) };
}

/**
 * The files that a build may copy: those of the context directory, without what .dockerignore leaves out.
 * Counterpart: the build context of github.com/moby/buildkit.
 */
import { sha256 } from '../../base/sha256.ts';

export interface ContextFile {
  /** Relative to the context, with slashes: `src/main.js`. */
  readonly path: string;
  readonly size: number;
  /** Permission bits; default 0644. */
  readonly mode?: number;
  /** Content of small files: text, or base64 of what is none. */
  readonly text?: string;
  readonly base64?: string;
  /** Of the content; default: of text or base64. */
  readonly digest?: string;
}

export function fileDigest({ digest, text, base64, size }: ContextFile): string {
  return digest ?? sha256(text ?? base64 ?? String(size));
}

import { watch } from 'node:fs';
import type { Disposable } from '../../base/lifecycle.ts';

/**
 * Follows one folder, not those in it. Undefined: it cannot be followed, so nothing about it may be kept.
 * @param changed something was made, written, renamed or taken away there, or nothing more will be told
 */
export type WatchFolder = (folder: string, changed: () => void) => Disposable | undefined;

/** Keeps no program alive. */
export const watchFolder: WatchFolder = (folder, changed) => {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    watcher.on('error', changed);
    return { dispose: () => watcher.close() };
  } catch {
    return undefined;
  }
};

/** Above it the watches cost the machine more than reading anew does. */
const MAX_FOLDERS = 256;

/**
 * Whether anything changed in some folders since each of them was given.
 * Promised: as long as `isQuiet`, what was read of the folders after they were given holds on the disk, as far as the system
 * tells in time. Not promised: that something which is unimportant leaves it quiet.
 */
export class FolderWatch {
  private readonly follow: WatchFolder;
  private readonly watches: Disposable[] = [];
  private quiet = true;

  constructor(follow: WatchFolder) {
    this.follow = follow;
  }

  get isQuiet(): boolean {
    return this.quiet;
  }

  /** To be called before the folder is read. */
  add(folder: string): void {
    if (!this.quiet) return;
    const watched = this.watches.length < MAX_FOLDERS ? this.follow(folder, () => this.end()) : undefined;
    if (watched === undefined) this.end();
    else this.watches.push(watched);
  }

  /** Nothing is followed any more, and nothing of the folders may be kept. */
  end(): void {
    this.quiet = false;
    for (const each of this.watches.splice(0)) each.dispose();
  }
}

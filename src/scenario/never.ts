/** What must not be at any moment: looked at after each write that can have brought it about. */
import { Path } from '../apimachinery/field/path.ts';
import type { Revision } from '../apiserver/storage/revision.ts';
import { follow, type Failure, type Followed, type World } from './expectation.ts';
import type { Expectation } from './types.ts';

export class Never {
  private readonly watched: { readonly followed: Followed; readonly path: Path; isTold: boolean }[];
  private readonly tell: (failure: Failure) => void;

  /** @param tell once for each; also for what is so from the beginning */
  constructor(world: World, expectations: readonly Expectation[], tell: (failure: Failure) => void) {
    this.tell = tell;
    this.watched = expectations.map((expectation, index) => {
      const path = NEVER.index(index);
      return { followed: follow(world, expectation, path), path, isTold: false };
    });
    for (const each of this.watched) this.look(each);
  }

  see(revision: Revision): void {
    for (const each of this.watched) if (!each.isTold && each.followed.see(revision)) this.look(each);
  }

  private look(each: (typeof this.watched)[number]): void {
    if (each.followed.failures().length > 0) return;
    each.isTold = true;
    this.tell({ path: each.path, message: `should never be: ${each.followed.seen()}`, seen: '' });
  }
}

const NEVER = Path.of('never');

/** The moments of a look ahead in order, those of many equal objects told once. */
import { groupResource } from '../../../apimachinery/meta/resource.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { ForecastMoment } from '../../protocol/forecast.ts';
import { momentsOf, type Said } from './moments.ts';

interface Told extends Said {
  readonly at: number;
  readonly subject: string;
  readonly actor: string;
  more: number;
}

/** More than a person reads. */
const MOST = 1_000;

export class Timeline {
  private readonly told: Told[] = [];
  /** The newest of each kind and instant. */
  private readonly last = new Map<string, Told>();
  private instant = -1;
  private left = 0;

  add(revision: Revision): void {
    const { at, actor, object, resource } = revision;
    if (at !== this.instant) {
      this.instant = at;
      this.last.clear();
    }
    const family = object.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid ?? object.metadata.uid ?? '';
    for (const said of momentsOf(revision)) {
      const key = `${family} ${resource} ${actor} ${said.text}`;
      const known = this.last.get(key);
      if (known !== undefined) known.more++;
      else if (this.told.length >= MOST) this.left++;
      else {
        const told: Told = { ...said, at, actor, subject: subjectOf(object, resource), more: 0 };
        this.told.push(told);
        this.last.set(key, told);
      }
    }
  }

  /** @param startAt of the apply, virtual milliseconds */
  moments(startAt: number): readonly ForecastMoment[] {
    return this.told.map(({ at, ...rest }) => ({ ...rest, afterMs: at - startAt }));
  }

  get leftOut(): number {
    return this.left;
  }
}

/** `pod/web-1`, as kubectl names it; the kind where the resource's singular is not known here. */
export function subjectOf({ kind = '', apiVersion = '', metadata }: Revision['object'], resource: string): string {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
  const plural = groupResource({ group: group ?? '', plural: kind === '' ? resource : kind.toLowerCase() });
  return `${plural}/${metadata.name ?? ''}`;
}

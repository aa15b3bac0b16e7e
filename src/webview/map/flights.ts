/**
 * Requests on their way: who was told of what, what he asks the API server for, and that it is stored.
 * Invariant: shows what came since the last look, one after the other, and only while few come: then they can be read. Nothing moves
 * where motion is to be reduced; the same is in the list of requests.
 */
import type { RequestModel } from '../../host/panels/map/model.ts';
import { isCalm } from '../shared/motion.ts';

/** One way of a picture, and in which direction it is gone. */
export interface Leg {
  /** `from > to`, as the line is called. */
  readonly way: string;
  readonly back: boolean;
}

export interface Flight {
  readonly legs: readonly Leg[];
  readonly text: string;
}

const LEG_MS = 650;
/** More at once cannot be followed. */
const MOST = 6;
const NAMESPACE = 'http://www.w3.org/2000/svg';

export class Flights {
  private seen: number | undefined;
  private readonly waiting: Flight[] = [];
  private isFlying = false;

  /** @param requests the newest first */
  offer(requests: readonly RequestModel[], flightsOf: (request: RequestModel) => readonly Flight[]): void {
    const newest = requests[0]?.revision;
    const { seen } = this;
    this.seen = newest;
    // The first look, and one at another time, is at what has been.
    if (newest === undefined || seen === undefined || newest <= seen || isCalm()) return;
    const fresh = requests.filter(({ revision }) => revision > seen).toReversed();
    if (fresh.length > MOST || fresh.length === requests.length) {
      this.waiting.length = 0;
      return;
    }
    this.waiting.push(...fresh.flatMap(flightsOf));
    this.waiting.splice(0, Math.max(0, this.waiting.length - MOST * 2));
    if (!this.isFlying) void this.fly();
  }

  private async fly(): Promise<void> {
    this.isFlying = true;
    for (let flight = this.waiting.shift(); flight !== undefined; flight = this.waiting.shift()) {
      for (const leg of flight.legs) await along(leg, flight.text);
    }
    this.isFlying = false;
  }
}

/** Moves a dot with its text along a line; a line that is not drawn is passed over. */
async function along({ way, back }: Leg, text: string): Promise<void> {
  const path = document.querySelector<SVGPathElement>(`path[data-way="${CSS.escape(way)}"]`);
  const svg = path?.ownerSVGElement;
  if (path === null || svg === null || svg === undefined) return;
  const length = path.getTotalLength();
  const dot = svg.appendChild(document.createElementNS(NAMESPACE, 'g'));
  dot.setAttribute('class', 'flight');
  dot.setAttribute('aria-hidden', 'true');
  const circle = dot.appendChild(document.createElementNS(NAMESPACE, 'circle'));
  circle.setAttribute('r', '5');
  const ground = dot.appendChild(document.createElementNS(NAMESPACE, 'rect'));
  const label = dot.appendChild(document.createElementNS(NAMESPACE, 'text'));
  label.setAttribute('y', '-14');
  label.textContent = text;
  const { x: left, y: top, width, height } = label.getBBox();
  for (const [name, value] of Object.entries({ x: left - 5, y: top - 2, width: width + 10, height: height + 4, rx: 3 }))
    ground.setAttribute(name, String(value));
  await new Promise<void>((resolve) => {
    const begin = performance.now();
    const step = (now: number): void => {
      const share = Math.min(1, Math.max(0, (now - begin) / LEG_MS));
      const { x, y } = path.getPointAtLength(length * (back ? 1 - share : share));
      dot.setAttribute('transform', `translate(${x} ${y})`);
      if (share < 1 && path.isConnected) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  });
  dot.remove();
}

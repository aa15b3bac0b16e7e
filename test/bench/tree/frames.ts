// What the main thread of a page did between one frame and the next, read from Chromium's own trace.
// CPU time of the thread (`tdur`) and not wall time: other programs on the machine, and the software that draws pixels
// where there is no graphics card, take time from the page but are none of its work.

export interface Frame {
  /** CPU time of all that the page did for the frame, milliseconds. */
  readonly workMs: number;
  /** Of it, JavaScript. */
  readonly scriptMs: number;
  /** Since the frame before, wall time. */
  readonly intervalMs: number;
}

export interface Trace {
  readonly frames: readonly Frame[];
  /** Tasks of 50 ms of CPU time and more, which a person would feel. */
  readonly longTasks: number;
}

export const CATEGORIES: readonly string[] = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const LONG_TASK_US = 50_000;
/** JavaScript begins in one of these; one within another is counted with it. */
const SCRIPT: ReadonlySet<string> = new Set(['FunctionCall', 'FireAnimationFrame', 'TimerFire', 'EventDispatch', 'EvaluateScript']);

export function readTrace(json: string): Trace {
  const { traceEvents } = JSON.parse(json) as { readonly traceEvents: readonly TraceEvent[] };
  const thread = mainThread(traceEvents);
  const own = traceEvents.filter((event) => threadOf(event) === thread).toSorted((a, b) => a.ts - b.ts);
  const tasks = own.filter(({ ph, name }) => ph === 'X' && name === 'RunTask');
  const scripts = outermost(own.filter(({ ph, name }) => ph === 'X' && SCRIPT.has(name)));
  const ends = own.filter(({ ph, name }) => ph === 'e' && name === 'AnimationFrame').map(({ ts }) => ts);
  const work = sums(tasks, ends);
  const script = sums(scripts, ends);
  return {
    // What was done before the first frame belongs to no whole one.
    frames: ends.slice(1).map((end, index) => ({
      workMs: (work[index + 1] ?? 0) / 1000,
      scriptMs: (script[index + 1] ?? 0) / 1000,
      intervalMs: (end - (ends[index] ?? end)) / 1000,
    })),
    longTasks: tasks.filter(({ tdur = 0 }) => tdur >= LONG_TASK_US).length,
  };
}

/** The thread of the page: of all that are main threads of a renderer, the one that had most to do. */
function mainThread(events: readonly TraceEvent[]): string {
  const busy = new Map<string, number>();
  for (const event of events)
    if (event.ph === 'M' && event.name === 'thread_name' && event.args?.name === 'CrRendererMain') busy.set(threadOf(event), 0);
  for (const event of events) {
    const before = event.name === 'RunTask' ? busy.get(threadOf(event)) : undefined;
    if (before !== undefined) busy.set(threadOf(event), before + (event.tdur ?? 0));
  }
  const [first] = [...busy].toSorted((a, b) => b[1] - a[1]);
  if (first === undefined) throw new Error('the trace has no main thread of a page');
  return first[0];
}

function threadOf({ pid, tid }: TraceEvent): string {
  return `${pid}:${tid}`;
}

/** The ones that lie in no other. */
function outermost(events: readonly TraceEvent[]): readonly TraceEvent[] {
  let end = 0;
  return events.filter(({ ts, dur = 0 }) => {
    if (ts < end) return false;
    end = ts + dur;
    return true;
  });
}

/** CPU time of the events that began up to each end and after the one before it, microseconds. */
function sums(events: readonly TraceEvent[], ends: readonly number[]): readonly number[] {
  const found = ends.map(() => 0);
  let at = 0;
  for (const { ts, tdur = 0 } of events) {
    while (at < ends.length && ts > (ends[at] ?? 0)) at++;
    if (at < ends.length) found[at] = (found[at] ?? 0) + tdur;
  }
  return found;
}

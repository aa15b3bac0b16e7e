import type { Judge } from '../../manifest/judge.ts';
import type { FileFinding } from '../../manifest/rendered/findings.ts';
import type { HintContext } from '../../manifest/rendered/hints.ts';

/** What is asked about a rendered result. */
export interface Judging {
  readonly judge: Judge;
  /** Undefined: the verdict alone. */
  readonly hints?: HintContext | undefined;
}

export type RenderOutcome = 'rendered' | 'failed' | 'missing' | 'skipped' | 'stopped';

export interface RenderReport {
  readonly outcome: RenderOutcome;
  /** For people: why it was not rendered. */
  readonly message: string;
  readonly findings: readonly FileFinding[];
}

/** What a tool made, judged as often as something else is known of workspace and cluster: the tool is not run again. */
export type Rendered = (judging: Judging) => RenderReport;

/** The verdict is worked out once for each judge, hints whenever they are asked for. */
export function judgedOnce(
  verdict: (judge: Judge) => readonly FileFinding[],
  hints: (context: HintContext) => readonly FileFinding[],
): Rendered {
  let known: { readonly judge: Judge; readonly findings: readonly FileFinding[] } | undefined;
  return (judging) => {
    if (known?.judge !== judging.judge) known = { judge: judging.judge, findings: verdict(judging.judge) };
    const said = judging.hints === undefined ? [] : hints(judging.hints);
    return { outcome: 'rendered', message: '', findings: [...known.findings, ...said] };
  };
}

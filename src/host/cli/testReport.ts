/** Results of scenarios as text for people, JSON, and JUnit XML for CI. */
import { formatDuration } from '../../api/kubepad/duration.ts';
import { textOfFailure, type PlacedFailure, type ScenarioOutcome } from '../../scenario/outcome.ts';
import { impactText, sentenceOf } from '../../scenario/report.ts';
import { xml } from './report.ts';

export interface Tested {
  readonly file: string;
  readonly outcome: ScenarioOutcome;
  readonly realMs: number;
}

/** `FILE:LINE:COLUMN: …` below each scenario that failed, as compilers say it. */
export function textReport({ file, outcome, realMs }: Tested): string {
  const { passed, title, name, tookMs, failures, impacts } = outcome;
  const head = `${passed ? '✔' : '✖'} ${title === '' ? name : title} (${formatDuration(tookMs)} in ${realMs.toFixed(0)} ms)`;
  const lines = failures.map((failure) => `    ${place(file, failure)}: ${sentenceOf(failure)}`);
  return `${[head, ...lines, ...impacts.map((impact) => `    ${impactText(impact)}`)].join('\n')}\n`;
}

export function sumText(results: readonly Tested[], realMs: number): string {
  const failed = results.filter(({ outcome }) => !outcome.passed).length;
  const virtual = results.reduce((sum, { outcome }) => sum + outcome.tookMs, 0);
  return `${results.length - failed} passed, ${failed} failed: ${formatDuration(Math.round(virtual / 1000) * 1000)} in ${(realMs / 1000).toFixed(2)} s\n`;
}

export function jsonReport(results: readonly Tested[]): string {
  const items = results.map(({ file, outcome: { range, failures, steps, ...outcome } }) => ({
    file,
    line: range.start.line + 1,
    ...outcome,
    failures: failures.map(({ range: at, ...failure }) => ({ line: at.start.line + 1, column: at.start.character + 1, ...failure })),
    steps: steps.map(({ range: at, ...step }) => ({ line: at.start.line + 1, ...step })),
  }));
  return `${JSON.stringify(items, undefined, 2)}\n`;
}

/** A suite for each file, a case for each scenario. */
export function junitReport(results: readonly Tested[]): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const suites = files.map((file) => {
    const own = results.filter((result) => result.file === file);
    const cases = own.map(({ outcome, realMs }) => {
      const head = `    <testcase name="${xml(outcome.title || outcome.name)}" classname="${xml(outcome.name)}" file="${xml(file)}" line="${outcome.range.start.line + 1}" time="${(realMs / 1000).toFixed(3)}"`;
      if (outcome.passed) return `${head}/>`;
      const [first] = outcome.failures;
      const details = outcome.failures.map((failure) => `${place(file, failure)}: ${sentenceOf(failure)}`).join('\n');
      return `${head}>\n      <failure message="${xml(first === undefined ? '' : textOfFailure(first))}">${xml(details)}</failure>\n    </testcase>`;
    });
    const failed = own.filter(({ outcome }) => !outcome.passed).length;
    return `  <testsuite name="${xml(file)}" tests="${own.length}" failures="${failed}">\n${cases.join('\n')}\n  </testsuite>`;
  });
  const failures = results.filter(({ outcome }) => !outcome.passed).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kubepad test" tests="${results.length}" failures="${failures}">\n${suites.join('\n')}\n</testsuites>\n`;
}

function place(file: string, { range }: PlacedFailure): string {
  return `${file}:${range.start.line + 1}:${range.start.character + 1}`;
}

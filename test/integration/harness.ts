// Runs inside VS Code's extension host: mocha over the bundled test files, every result appended to a file as one line of JSON.
// The runner outside (scripts/integration.ts) reads that file; nothing else connects the two.

import Mocha from 'mocha';
import { appendFileSync } from 'node:fs';

export type Report =
  | { readonly kind: 'pass'; readonly title: string; readonly durationMs: number }
  | { readonly kind: 'fail'; readonly title: string; readonly error: string }
  | { readonly kind: 'skip'; readonly title: string }
  | { readonly kind: 'end'; readonly passed: number; readonly failed: number };

/** `load` evaluates the test files; `file` is where reports go. Rejects if a test failed, as VS Code expects. */
export function runTests(load: () => void, file: string): Promise<void> {
  const report = (line: Report): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, forbidOnly: true, reporter: function none() {} as never });
  mocha.suite.emit('pre-require', globalThis as never, '', mocha);
  load();
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      report({ kind: 'end', passed: runner.stats?.passes ?? 0, failed: failures });
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
    runner.on('pass', (test) => report({ kind: 'pass', title: test.fullTitle(), durationMs: test.duration ?? 0 }));
    runner.on('pending', (test) => report({ kind: 'skip', title: test.fullTitle() }));
    runner.on('fail', (test, error: unknown) => report({ kind: 'fail', title: test.fullTitle(), error: textOf(error) }));
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// What typing costs: the work between a changed text and its diagnostics.

import assert from 'node:assert/strict';
import { createApiJudge } from '../../src/manifest/apiJudge.ts';
import { Documents } from '../../src/manifest/documents.ts';
import { type Benchmark, percentile, timed } from './support/benchmark.ts';
import { deploymentsFile } from './support/manifests.ts';

const uri = 'file:///bench/deployments.yaml';
const lines = (text: string): number => text.trimEnd().split('\n').length;

/** A file with one character typed into the name of one of its documents. */
function typed(text: string, keystroke: number): string {
  const at = text.indexOf('production', Math.floor((text.length / 120) * keystroke));
  return `${text.slice(0, at)}x${text.slice(at)}`;
}

function keystrokes(documents: number): readonly number[] {
  const text = deploymentsFile(documents);
  const open = new Documents(createApiJudge());
  open.change(uri, text);
  open.diagnostics(uri);
  return Array.from({ length: 100 }, (_, keystroke) => {
    const changed = typed(text, keystroke);
    return timed(() => {
      open.change(uri, changed);
      assert.equal(open.diagnostics(uri)?.diagnostics.length, 0);
    });
  });
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'keystroke to diagnostics, 50 documents, p95 of the work',
    unit: 'ms',
    target: { atMost: 20 },
    reference: 'yaml-language-server 338 ms median',
    run: () => {
      const samples = keystrokes(50);
      return {
        value: percentile(samples, 0.95),
        counts: { lines: lines(deploymentsFile(50)) },
        note: `median ${percentile(samples, 0.5).toFixed(2)} ms`,
      };
    },
  },
  {
    name: 'first diagnostics of such a file, nothing loaded before',
    unit: 'ms',
    target: { atMost: 400 },
    reference: 'yaml-language-server 1.9 to 3.9 s',
    run: () => {
      const text = deploymentsFile(50);
      const value = timed(() => {
        const open = new Documents(createApiJudge());
        open.change(uri, text);
        open.diagnostics(uri);
      });
      return { value, note: 'without starting the worker' };
    },
  },
];

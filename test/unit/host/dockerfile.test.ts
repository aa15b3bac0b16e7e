import assert from 'node:assert/strict';
import { dockerfileService } from '../../../src/host/dockerfile/load.ts';

describe('the language service for Dockerfiles', () => {
  const problems = (text: string): readonly string[] =>
    dockerfileService()
      .problemsOf(text)
      .map(({ range, severity, message }) => `${range.start.line + 1} ${severity} ${message}`);

  it('finds what is wrong', () => {
    assert.deepEqual(problems('FROM alpine\nRUN echo\n'), []);
    assert.deepEqual(problems('FROM alpine\nEXPOSE http\nFOO x\n'), [
      '2 error Invalid containerPort: http',
      '3 error Unknown instruction: FOO',
    ]);
  });

  it('says what only the builder finds, in its words', () => {
    const text = 'FROM alpine AS 1a\n';
    assert.equal(problems(text).length, 1);
    assert.match(problems('FROM alpine\nHEALTHCHECK NONE now\n').join(), /HEALTHCHECK NONE/);
  });

  it('explains and completes instructions', async () => {
    const { hoverAt, completionsAt } = dockerfileService();
    assert.match(hoverAt('FROM alpine\nWORKDIR /a\n', { line: 1, character: 3 })?.markdown ?? '', /working directory/);
    assert.equal(hoverAt('FROM alpine\n', { line: 0, character: 8 }), null);
    const labels = (await completionsAt('FROM alpine\nWOR', { line: 1, character: 3 })).map(({ label }) => label);
    assert.ok(
      labels.some((label) => label.startsWith('WORKDIR')),
      labels.join(),
    );
  });
});

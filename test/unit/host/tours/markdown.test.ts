import assert from 'node:assert/strict';
import { blocksOf, spansOf } from '../../../../src/host/tours/markdown.ts';
import { tourTextOf } from '../../../../src/host/tours/text.ts';
import { Pace } from '../../../../src/host/tours/pace.ts';

const spans: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'plain *text*, and an open `mark': [['text', 'plain *text*, and an open `mark']],
  'a **파드**는 `kubectl get` 로': [
    ['text', 'a '],
    ['strong', '파드'],
    ['text', '는 '],
    ['code', 'kubectl get'],
    ['text', ' 로'],
  ],
  '[Pods](term:pod)': [['term', 'Pods', 'pod']],
  '[here](view:events)[there](view:nowhere)': [
    ['link', 'here', 'view events'],
    ['text', 'there'],
  ],
  '[a](object:pod/web-*) [b](why:deployment/web)': [
    ['link', 'a', 'object pod/web-* state'],
    ['text', ' '],
    ['link', 'b', 'object deployment/web why'],
  ],
  '[s](../../../samples/shop/web.yaml)': [['link', 's', 'sample shop']],
  '[p](https://kubernetes.io) [x](javascript:alert)': [
    ['link', 'p', 'page https://kubernetes.io'],
    ['text', ' '],
    ['text', 'x'],
  ],
};

describe('the text of tours', () => {
  for (const [text, expected] of Object.entries(spans)) {
    it(`reads ${text}`, () => {
      const found = spansOf(text).map((span) => {
        if (span.type === 'term') return [span.type, span.text, span.term];
        return span.type === 'link' ? [span.type, span.text, Object.values(span.target).join(' ')] : [span.type, span.text];
      });
      assert.deepEqual(found, expected);
    });
  }

  it('has paragraphs, lists, notes and code', () => {
    const text = 'one\ntwo\n\n- a\n  b\n- c\n\n1. d\n\n> note\n> goes on\n\n```yaml\nkind: Pod\n\n```\nafter\n```\nopen';
    assert.deepEqual(
      blocksOf(text.split('\n')).map((block) => {
        if (block.type === 'code') return ['code', block.text];
        const lines = block.type === 'list' ? block.items : [block.spans];
        const words = lines.map((line) => line.map((span) => span.text).join(''));
        return [block.type === 'list' ? `list ${block.ordered}` : block.type, ...words];
      }),
      [
        ['paragraph', 'one two'],
        ['list false', 'a b', 'c'],
        ['list true', 'd'],
        ['note', 'note goes on'],
        ['code', 'kind: Pod\n'],
        ['paragraph', 'after'],
        ['code', 'open'],
      ],
    );
  });

  it('is an introduction and a chapter a section, with its button and its checks', () => {
    const { title, intro, chapters } = tourTextOf(
      '# T\n\nhello\n\n## One\n\ntext\n\n[Do it](do:)\n\nmore\n\n- [ ] so it is\n- [ ] and so\n\n## Two\n',
    );
    assert.deepEqual([title, intro.title, intro.act, intro.blocks.length, intro.after.length], ['T', 'T', undefined, 1, 0]);
    assert.deepEqual(
      chapters.map((chapter) => [
        chapter.title,
        chapter.act,
        chapter.checks.map((spans) => spans.map(({ text }) => text).join('')),
        chapter.blocks.length,
        chapter.after.length,
      ]),
      [
        ['One', 'Do it', ['so it is', 'and so'], 1, 1],
        ['Two', undefined, [], 0, 0],
      ],
    );
  });
});

describe('the pace of a tour', () => {
  it('is slow after a change, fast where nothing happens, and ends after a while', () => {
    const pace = new Pace(0, 0);
    const reachAfter = (from: number, to: number): number => {
      let reach = 0;
      for (let real = from; real <= to; real += 16) reach = pace.reach(real);
      return reach;
    };
    const second = reachAfter(16, 1_000);
    assert.ok(second > 4_000 && second < 10_000, `${second}`);
    const fourth = reachAfter(1_016, 4_000);
    assert.ok(fourth > 500_000, `${fourth}`);
    pace.changed(4_000);
    const next = reachAfter(4_016, 4_500) - fourth;
    assert.ok(next < 5_000, `${next}`);
    assert.equal(pace.reach(14_500), Infinity);
  });

  it('does not bind who skips ahead', () => {
    const pace = new Pace(0, 0);
    pace.hurry();
    assert.equal(pace.reach(16), Infinity);
  });
});

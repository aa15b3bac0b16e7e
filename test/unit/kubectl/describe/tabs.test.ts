import assert from 'node:assert/strict';
import { aligned, below, entries, longTime } from '../../../../src/kubectl/describe/tabs.ts';

describe('the setting of descriptions', () => {
  const check = (input: readonly string[], expected: string): void => assert.equal(aligned(input).join('\n'), expected);

  it('puts cells below each other, two apart', () => {
    check(['A:\t1', 'Longer:\t2'], 'A:       1\nLonger:  2');
    check(['a\tb\tc', 'aaa\tbbb\tc'], 'a    b    c\naaa  bbb  c');
  });
  it('begins anew after a line without the column', () => {
    check(['A:\t1', 'Title:', '  Longer name:\t2', 'B:\t3'], 'A:  1\nTitle:\n  Longer name:  2\nB:              3');
    check(['a\tb\tc', 'wide a\td', 'a\tb\tc'], 'a       b  c\nwide a  d\na       b  c');
  });
  it('counts what an empty cell takes', () => check(['Labels:\ta=b', '\tc=d'], 'Labels:  a=b\n         c=d'));
  it('has no spaces at the ends of lines', () => check(['IP:\t', 'Node:\tx'], 'IP:\nNode:  x'));

  it('shows entries sorted, without what kubectl keeps to itself', () => {
    assert.deepEqual(entries('Annotations', { b: '2', 'kubectl.kubernetes.io/last-applied-configuration': '{}', a: '1' }, ': '), [
      'Annotations:\ta: 1',
      '\tb: 2',
    ]);
    assert.deepEqual(entries('Labels', undefined), ['Labels:\t<none>']);
    assert.deepEqual(below('Used By', []), ['Used By:\t<none>']);
  });
  it('writes times out', () => {
    assert.equal(longTime('2026-01-05T00:00:09Z'), 'Mon, 05 Jan 2026 00:00:09 +0000');
    assert.equal(longTime('soon'), 'soon');
  });
});

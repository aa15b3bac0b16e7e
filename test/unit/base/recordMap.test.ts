import assert from 'node:assert/strict';
import { deepFreeze } from '../../../src/base/json.ts';
import { RecordMap } from '../../../src/base/recordMap.ts';

interface Counter {
  readonly name: string;
  readonly seen: number[];
}

describe('RecordMap', () => {
  it('copies a record only when it is taken out after a snapshot', () => {
    const map = new RecordMap<Counter>();
    map.set('a', { name: 'a', seen: [1] });
    map.set('b', { name: 'b', seen: [] });
    const first = deepFreeze(map.snapshot());
    map.get('a')?.seen.push(2);
    assert.deepEqual(first[0]?.seen, [1]);
    assert.equal(map.get('a'), map.get('a'), 'one copy is enough');
    const second = map.snapshot();
    assert.equal(second[1], first[1], 'what nobody touched is shared');
    assert.deepEqual(second[0]?.seen, [1, 2]);
  });

  it('shares with the map that was restored, and neither sees what the other does', () => {
    const map = new RecordMap<Counter>();
    map.set('a', { name: 'a', seen: [] });
    const other = new RecordMap<Counter>();
    other.restore(map.snapshot(), ({ name }) => name);
    other.get('a')?.seen.push(1);
    map.get('a')?.seen.push(2);
    other.set('c', { name: 'c', seen: [] });
    assert.deepEqual([map.peek('a')?.seen, other.peek('a')?.seen], [[2], [1]]);
    map.delete('a');
    assert.deepEqual([map.has('a'), other.size, [...other.keys()]], [false, 2, ['a', 'c']]);
  });
});

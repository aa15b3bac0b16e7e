import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { glossaryOf } from '../../../../src/host/tours/glossary.ts';
import { elsewhereOf, readGlossary } from '../../../../src/host/tours/glossaryFile.ts';

const docs = join(import.meta.dirname, '../../../../docs');
const read = (name: string): ReturnType<typeof glossaryOf> => glossaryOf(readFileSync(join(docs, name), 'utf8'));

describe('the glossary', () => {
  it('is read a section a term, by its English name', () => {
    const text = '# 용어집\n\n머리말\n\n## 컨트롤 플레인 (Control plane)\n\n여러 `부분`\n입니다.\n\n- Swarm: managers\n- Mesos: –\n';
    const [term] = glossaryOf(text);
    assert.deepEqual(term, {
      id: 'control-plane',
      name: '컨트롤 플레인 (Control plane)',
      meaning: '여러 부분 입니다.',
      swarm: 'managers',
      mesos: '',
    });
  });

  it('says what others call objects of a kind, where it knows', () => {
    const root = join(docs, '..');
    assert.equal(elsewhereOf(root, 'DaemonSet'), 'Swarm: service in mode global · Mesos: app with a UNIQUE constraint');
    assert.equal(elsewhereOf(root, 'HorizontalPodAutoscaler'), 'Mesos: marathon-autoscale');
    assert.equal(elsewhereOf(root, 'Lease'), '');
    assert.deepEqual(readGlossary(docs, 'en'), []);
  });

  it('has the same terms in both languages, each with its meaning and the words of Swarm and Mesos', () => {
    const [english, korean] = [read('glossary.md'), read('glossary.ko.md')];
    assert.deepEqual(
      korean.map(({ id }) => id),
      english.map(({ id }) => id),
    );
    assert.ok(english.length > 40);
    assert.equal(new Set(english.map(({ id }) => id)).size, english.length);
    for (const [index, { name, meaning, swarm, mesos }] of english.entries()) {
      assert.ok(meaning.length > 10, name);
      assert.ok(/[가-힣]/.test(korean[index]?.meaning ?? ''), name);
      assert.deepEqual([korean[index]?.swarm, korean[index]?.mesos], [swarm, mesos], name);
    }
    for (const file of ['glossary.md', 'glossary.ko.md']) {
      const text = readFileSync(join(docs, file), 'utf8');
      assert.equal(text.match(/^- Swarm: \S/gm)?.length, english.length, file);
      assert.equal(text.match(/^- Mesos: \S/gm)?.length, english.length, file);
    }
  });
});

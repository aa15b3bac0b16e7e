// docs/concepts.md: every concept has a place where it is seen, something to apply and a test, and all are there.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './support/sources.ts';

/** The concepts that have to be made visible, by letter; B8, E5, E7 and F7 are no numbers of such. */
const CONCEPTS: Readonly<Record<string, readonly number[]>> = {
  A: range(1, 14),
  B: [...range(1, 7), ...range(9, 11)],
  C: range(1, 15),
  D: range(1, 10),
  E: [...range(1, 4), 6, ...range(8, 14)],
  F: [...range(1, 6), ...range(8, 16)],
  G: range(1, 4),
};
const TRAPS = 6;

interface Row {
  readonly id: string;
  /** Where it is seen. */
  readonly seen: string;
  readonly links: readonly (readonly string[])[];
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const text = read('docs/concepts.md');
const rows = text.split('\n').flatMap((line): readonly Row[] => {
  const cells = line.split('|').map((cell) => cell.trim());
  const id = cells[1] ?? '';
  if (!/^[A-G]\d+$/.test(id)) return [];
  return [
    {
      id,
      seen: cells[3] ?? '',
      links: cells.slice(4, 6).map((cell) => [...cell.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path]) => path ?? '')),
    },
  ];
});

const { contributes } = JSON.parse(read('package.json')) as {
  readonly contributes: {
    readonly commands: readonly { readonly title: string }[];
    readonly views: Readonly<Record<string, readonly { readonly name: string }[]>>;
  };
};
const PLACES = [
  ...contributes.commands.map(({ title }) => title),
  ...Object.values(contributes.views).flatMap((group) => group.map(({ name }) => `${name} view`)),
];

describe('docs/concepts.md', () => {
  it('has a row for each concept, in their order', () => {
    const wanted = Object.entries(CONCEPTS).flatMap(([letter, numbers]) => numbers.map((number) => `${letter}${number}`));
    assert.deepEqual(
      rows.map(({ id }) => id),
      wanted,
    );
  });

  for (const { id, seen, links } of rows) {
    it(`${id} names a view or a command that exists`, () => {
      assert.ok(
        PLACES.some((place) => seen.includes(place)),
        `${seen} is nothing that package.json contributes`,
      );
    });

    it(`${id} names a sample and a story or test that exist`, () => {
      const [samples = [], tests = []] = links;
      assert.ok(samples.length > 0 && samples.every((path) => path.startsWith('samples/')), 'no sample');
      assert.ok(tests.length > 0 && tests.every((path) => path.startsWith('test/')), 'no story or test');
      for (const path of [...samples, ...tests]) assert.ok(existsSync(join(root, path)), `${path} does not exist`);
    });
  }

  it('names the tours with their concepts', () => {
    const listed = [...text.matchAll(/^\| \[(.+)\]\(\.\.\/media\/tours\/([\w-]+)\/en\.md\) \| (.+) \|$/gm)].map(
      ([, title, tour, concepts]) => ({
        title,
        tour,
        concepts: concepts?.split(', '),
      }),
    );
    const there = readdirSync(join(root, 'media/tours')).map((tour) => ({
      title: /^# (.+)$/m.exec(read(`media/tours/${tour}/en.md`))?.[1],
      tour,
      concepts: /^ {4}kubepad\.dev\/concepts: (.+)$/m.exec(read(`media/tours/${tour}/tour.k8stest.yaml`))?.[1]?.split(' '),
    }));
    assert.deepEqual(listed, there);
    const known = new Set(rows.map(({ id }) => id));
    assert.deepEqual(
      there.flatMap(({ concepts = [] }) => concepts.filter((concept) => !known.has(concept))),
      [],
    );
  });

  it('tells a story of each trap', () => {
    const traps = text
      .slice(text.indexOf('## Traps'), text.indexOf('## Tours'))
      .split('\n')
      .filter((line) => line.includes('timeline.txt'));
    assert.equal(traps.length, TRAPS);
  });
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

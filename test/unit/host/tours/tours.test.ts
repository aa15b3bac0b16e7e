// Every tour is played to its end: each check of each step holds, and both languages tell the same steps.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, Span } from '../../../../src/host/panels/tour/model.ts';
import { conceptsOf, TourLibrary } from '../../../../src/host/tours/library.ts';
import { TourPlayer } from '../../../../src/host/tours/player.ts';
import type { ChapterText } from '../../../../src/host/tours/text.ts';
import { createApiJudge } from '../../../../src/manifest/apiJudge.ts';
import { ClusterBases } from '../../../../src/scenario/bases.ts';
import { withScenarios } from '../../../../src/scenario/judge.ts';

const root = join(import.meta.dirname, '../../../..');
const library = new TourLibrary(root, withScenarios(createApiJudge()));
const bases = new ClusterBases();
const LANGUAGES = ['en', 'ko'] as const;

describe('guided tours', () => {
  for (const name of library.names()) {
    const tour = library.tour(name);
    assert.ok(tour !== undefined);

    it(`${name} is played, and every check of every step holds`, async () => {
      assert.deepEqual(tour.source.problems, []);
      const player = new TourPlayer({ bases, show: () => undefined, advanced: () => undefined, changed: () => undefined });
      for (const [index, { checks }] of tour.chapters.entries()) {
        await player.play(tour, index + 1, false);
        const { state, at, held, failures } = player.runOf(tour);
        assert.deepEqual(failures, [], `step ${index + 1}`);
        assert.deepEqual({ state, at, held }, { state: 'standing', at: index + 1, held: checks.map(() => true) });
      }
      player.end();
      assert.equal(player.runOf(tour).state, 'none');
    });

    it(`${name} is told in both languages, step by step`, () => {
      const english = library.text(name, 'en');
      const korean = library.text(name, 'ko');
      assert.equal(english.chapters.length, tour.chapters.length, 'a section for each named step');
      assert.ok(conceptsOf(tour).length > 0, 'it shows a concept');
      for (const [index, chapter] of tour.chapters.entries()) {
        const acts = tour.source.steps.slice(chapter.begin, chapter.end).some(({ act }) => act !== 'expect');
        for (const told of [english, korean]) {
          const { title = '', checks = [], act = undefined } = told.chapters[index] ?? {};
          assert.equal(checks.length, chapter.checks.length, `${title}: a line for each expectation`);
          assert.equal(act !== undefined, acts, `${title}: a button where something is done`);
        }
      }
      assert.deepEqual(linksOf(korean.intro, ...korean.chapters), linksOf(english.intro, ...english.chapters));
      assert.ok(/[가-힣]/.test(korean.title) && !/[가-힣]/.test(english.title));
      for (const text of korean.chapters)
        assert.ok(
          /[가-힣]/.test(
            text.title +
              (text.act ?? '') +
              text.checks
                .flat()
                .map((span) => span.text)
                .join(''),
          ),
          text.title,
        );
    });

    it(`${name} names only what there is`, () => {
      for (const language of LANGUAGES) {
        const terms = new Set(library.glossary(language).map(({ id }) => id));
        const text = library.text(name, language);
        for (const link of linksOf(text.intro, ...text.chapters)) {
          const [type = '', target = ''] = link.split(' ');
          if (type === 'term') assert.ok(terms.has(target), `${language}: no term ${target}`);
          if (type === 'sample') assert.ok(existsSync(join(root, 'samples', target)), `${language}: no sample ${target}`);
          if (type === 'tour') assert.ok(library.tour(target) !== undefined, `${language}: no tour ${target}`);
        }
      }
    });
  }

  it('stands again where a step began, and goes on from there', async () => {
    const tour = library.tour('02-comes-back');
    assert.ok(tour !== undefined);
    const shown: (number | undefined)[] = [];
    const player = new TourPlayer({
      bases,
      show: (cluster) => shown.push(cluster?.api.store.count('pods')),
      advanced: () => undefined,
      changed: () => undefined,
    });
    await player.stand(tour, 4);
    assert.deepEqual([player.runOf(tour).at, player.runOf(tour).held], [3, [true, true]]);
    await player.play(tour, 2, false);
    assert.equal(player.runOf(tour).at, 2);
    await player.play(tour, 5, false);
    assert.deepEqual(player.runOf(tour), { state: 'standing', at: 5, held: [true, true], failures: [] });
    player.end();
    // A new cluster for each way back, the editor's own in between and at the end.
    assert.deepEqual(
      shown.map((pods) => pods === undefined),
      [false, true, false, true],
    );
  });
});

/** In an order of their own: a translation may put its words in another one. */
function linksOf(...texts: readonly ChapterText[]): readonly string[] {
  const spansOf = (block: Block): readonly Span[] =>
    block.type === 'code' ? [] : block.type === 'list' ? block.items.flat() : block.spans;
  return texts.flatMap(({ blocks, after }) =>
    [...blocks, ...after]
      .flatMap(spansOf)
      .flatMap((span) => {
        if (span.type === 'term') return [`term ${span.term}`];
        return span.type === 'link' ? [Object.values(span.target).join(' ')] : [];
      })
      .toSorted(),
  );
}

import assert from 'node:assert/strict';
import { expandFolder, openFile } from './support/explorer.ts';
import { pictureFailures } from './support/suites.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

describe('the words of a manifest', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-words' });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const goTo = async (line: number): Promise<void> => {
    const { page } = workbench;
    await page.locator('.editor-instance .view-lines').first().click();
    await page.keyboard.press('Control+G');
    await page.locator('.quick-input-widget input').first().fill(`:${line}`);
    await page.keyboard.press('Enter');
    // A key that comes before it is closed is its own.
    await page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' });
    await page.waitForTimeout(500);
  };
  /** The colour that a word has in the editor. */
  const colour = async (word: string): Promise<string> => {
    const span = workbench.page.locator('.editor-instance .view-line span:not(:has(span))').filter({ hasText: new RegExp(`^${word}$`) });
    await span.first().waitFor();
    return span.first().evaluate((element) => element.computedStyleMap().get('color')?.toString() ?? '');
  };

  it('have the colours of an expression, a quantity and a kind, in light and dark', async () => {
    const { page } = workbench;
    await expandFolder(page, 'policy');
    await openFile(page, '1-rules.yaml');
    for (const theme of ['light', 'dark'] as const) {
      await workbench.setTheme(theme);
      await goTo(50);
      // Plain texts are all of one colour; these are there once their tokens are.
      const seen = new Set<string>();
      for (let attempt = 0; attempt < 50 && seen.size < 5; attempt++) {
        seen.clear();
        for (const word of ['known-and-small', '200m', 'ValidatingAdmissionPolicy', 'object', 'orValue']) seen.add(await colour(word));
        if (seen.size < 5) await page.waitForTimeout(200);
      }
      assert.equal(seen.size, 5, [...seen].join('; '));
      await workbench.screenshot(`words-${theme}`);
    }
  });

  it('are told of a list at a dash, and go on with the field', async () => {
    const { page } = workbench;
    await openFile(page, '2-keeps-them.yaml');
    await page.locator('.editor-instance .view-line', { hasText: 'runAsUser' }).first().waitFor();
    await goTo(26);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('-');
    const hints = page.locator('.parameter-hints-widget.visible');
    await hints.waitFor();
    assert.match(await hints.innerText(), /containers: - name: string, args\?, command\?/);
    await workbench.screenshot('signature-dark');
  });
});

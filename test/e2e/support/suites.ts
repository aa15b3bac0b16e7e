// What suites that look at one workbench from test to test have in common. Both are called within `describe`.

import type { Workbench } from './workbench.ts';

/** Takes a picture of the screen after each test that failed. */
export function pictureFailures(workbench: () => Workbench): void {
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench().screenshot(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-')}`);
  });
}

/**
 * Each test goes on where the one before it ended, so the rest of the suite is left out once one has failed. Mocha's own way (`bail`)
 * would leave out the suites after it as well, whose failures nobody would see then.
 */
export function eachAfterTheOther(): void {
  let failed = false;
  beforeEach(function () {
    if (failed) this.skip();
  });
  afterEach(function () {
    failed ||= this.currentTest?.state === 'failed';
  });
}

import assert from 'node:assert/strict';
import { hoverText, squiggles } from './support/editor.ts';
import { pictureFailures } from './support/suites.ts';
import { complete, endOfLine, openNew, savedText, suggestion, type } from './support/typing.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx:1.29
          ports:
            - containerPort: 8080
              name: http
          imagePullPolicy: IfNotPresent
`;

const LAMP = `apiVersion: v1
kind: Service
metadata:
  name: lamp
spec:
  type: NodePort
  ports:
    - port: 80
      targetPort: 8080
`;

describe('writing manifests from an empty file, with the keyboard alone', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-writing' });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const lens = (text: RegExp) => workbench.page.locator('.editor-instance .codelens-decoration', { hasText: text }).first();

  it('begins with the skeleton of a kind, whose places are filled in one after the other', async () => {
    const { page } = workbench;
    await openNew(workbench, 'web.yaml');
    await type(page, 'depl');
    await suggestion(page, 'Deployment').waitFor();
    await workbench.screenshot('writing-skeleton-dark');
    await page.keyboard.press('Enter');
    await page.locator('.view-line', { hasText: 'image: nginx' }).waitFor();
    await type(page, 'web');
    await page.keyboard.press('Tab');
    await type(page, '3');
    await page.keyboard.press('Tab');
    await lens(/Apply/).waitFor();
    await type(page, 'nginx:');
    await suggestion(page, 'nginx:').waitFor();
    // The text does not read at the moment; it is the same object all the same.
    await squiggles(page, 'error').first().waitFor();
    assert.ok(await lens(/Apply/).isVisible());
    await page.locator('.breadcrumbs-control', { hasText: 'Deployment/web' }).waitFor();
    await complete(page, '1.29', 'nginx:1.29');
    await lens(/Forecast: 3\/3 ready/).waitFor();
    await workbench.screenshot('writing-forecast-dark');
  });

  it('goes on line by line: Enter stands where the next field goes, and each field brings what it needs', async () => {
    const { page } = workbench;
    await endOfLine(page, 'image: nginx');
    await page.keyboard.press('Enter');
    await complete(page, 'por', 'ports');
    await type(page, '8080');
    await page.keyboard.press('Enter');
    await complete(page, 'na', 'name');
    await type(page, 'http');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await type(page, 'imagePullP');
    await suggestion(page, 'imagePullPolicy').waitFor();
    await workbench.screenshot('writing-field-dark');
    await page.keyboard.press('Enter');
    await complete(page, 'If', 'IfNotPresent');
    assert.equal(await savedText(workbench, 'web.yaml', WEB), WEB);
    await squiggles(page, 'error').first().waitFor({ state: 'detached' });
  });

  it('goes as well without a skeleton, word by word, without a list that swallows Enter', async () => {
    const { page } = workbench;
    await openNew(workbench, 'lamp.yaml');
    await complete(page, 'apiV', 'apiVersion');
    await suggestion(page, 'v1').waitFor();
    await workbench.screenshot('writing-versions-dark');
    await type(page, 'v1');
    await suggestion(page, 'v1').waitFor();
    await page.keyboard.press('Enter');
    await type(page, 'kind: Service');
    await suggestion(page, 'Service').waitFor();
    await page.keyboard.press('Enter');
    await type(page, 'metadata:');
    await page.keyboard.press('Enter');
    await type(page, 'name: lamp');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Tab');
    await type(page, 'spec:');
    await page.keyboard.press('Enter');
    await complete(page, 'ty', 'type');
    await complete(page, 'No', 'NodePort');
    await page.keyboard.press('Enter');
    await type(page, 'ports:');
    await page.keyboard.press('Enter');
    await type(page, '- port: 80');
    await page.keyboard.press('Enter');
    await type(page, 'targetPort: 8080');
    assert.equal(await savedText(workbench, 'lamp.yaml', LAMP), LAMP);
  });

  it('is helped by hovers and suggestions that are legible in light and dark', async () => {
    const { page } = workbench;
    for (const theme of ['light', 'dark'] as const) {
      await workbench.setTheme(theme);
      assert.match(await hoverText(page, 'targetPort', /port of the Pods that a connection goes to/), /IntOrString/);
      await workbench.screenshot(`writing-hover-${theme}`);
      await page.keyboard.press('Escape');
      await endOfLine(page, 'targetPort');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+Space');
      await suggestion(page, 'name').waitFor();
      await workbench.screenshot(`writing-suggestions-${theme}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+z');
    }
  });
});

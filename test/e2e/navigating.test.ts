import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemTexts, squiggles } from './support/editor.ts';
import { pictureFailures } from './support/suites.ts';
import { endOfLine, openNew } from './support/typing.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

const PALETTE = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: palette\ndata:\n  sky: blue\n';
const ARTIST = `apiVersion: v1
kind: Pod
metadata:
    name:   artist # who paints
spec:
  containers:
    - name: app
      image: nginx:1.29
      imagePullPolcy: Alway
      env:
        - name: SKY
          valueFrom:
            configMapKeyRef:
              name: palette
              key: sky
        - name: HEAVEN
          valueFrom:
            configMapKeyRef:
              name: palette
              key: sky
`;

describe('finding one’s way through manifests', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-navigating' });
    await openNew(workbench, 'palette.yaml', PALETTE);
    await openNew(workbench, 'artist.yaml', ARTIST);
    await squiggles(workbench.page, 'error').first().waitFor();
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  /** Puts the cursor into a word of the editor. */
  const into = async (line: string): Promise<void> => {
    await endOfLine(workbench.page, line);
    await workbench.page.keyboard.press('ArrowLeft');
  };

  it('mends a misspelt field and a misspelt value by the keyboard', async () => {
    const { page } = workbench;
    await into('imagePullPolcy');
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+.');
    const fixes = page.locator('.action-widget .monaco-list-row');
    await fixes.filter({ hasText: 'Change to "imagePullPolicy"' }).waitFor();
    await workbench.screenshot('quick-fix-dark');
    await page.keyboard.press('Enter');
    await page.locator('.view-line', { hasText: 'imagePullPolicy: Alway' }).waitFor();
    await squiggles(page, 'error').first().waitFor();
    await into('imagePullPolicy');
    await page.keyboard.press('Control+.');
    await fixes.filter({ hasText: 'Change to "Always"' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.view-line', { hasText: 'imagePullPolicy: Always' }).waitFor();
    await squiggles(page, 'error').first().waitFor({ state: 'detached' });
  });

  it('formats, and keeps comments', async () => {
    await workbench.runCommand('Format Document');
    await workbench.page.locator('.view-line', { hasText: /^\s{2}name:\sartist\s#\swho\spaints$/ }).waitFor();
  });

  it('goes to the object that a name means, and back', async () => {
    const { page } = workbench;
    await into('name: palette');
    await page.keyboard.press('F12');
    await page.locator('.tab.active', { hasText: 'palette.yaml' }).waitFor();
    await page.locator('.breadcrumbs-control', { hasText: /ConfigMap\/palette[^]*metadata[^]*name/ }).waitFor();
    await workbench.runCommand('Go Back');
    await page.locator('.tab.active', { hasText: 'artist.yaml' }).waitFor();
  });

  it('shows who uses an object, as references and as a hierarchy', async () => {
    const { page } = workbench;
    await into('name: palette');
    await page.keyboard.press('Shift+F12');
    const peek = page.locator('.peekview-widget');
    await peek.locator('.monaco-tl-row', { hasText: 'name: palette' }).nth(1).waitFor();
    await workbench.screenshot('references-dark');
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'detached' });
    await openNew(workbench, 'palette.yaml', PALETTE);
    await into('name: palette');
    await workbench.runCommand('Calls: Show Call Hierarchy');
    await page.locator('.part.sidebar .monaco-list-row', { hasText: 'Pod/artist' }).waitFor();
    await workbench.screenshot('hierarchy-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('hierarchy-light');
    await workbench.setTheme('dark');
  });

  it('renames a name in all files', async () => {
    const { page, workspace } = workbench;
    await into('name: palette');
    await page.keyboard.press('F2');
    const box = page.locator('.rename-box input');
    await box.fill('colours');
    await page.keyboard.press('Enter');
    await page.locator('.view-line', { hasText: 'name: colours' }).waitFor();
    await workbench.runCommand('File: Save All');
    const text = (): string => readFileSync(join(workspace, 'artist.yaml'), 'utf8');
    for (let attempt = 0; attempt < 100 && !text().includes('colours'); attempt++) await page.waitForTimeout(50);
    assert.match(text(), /configMapKeyRef:\n\s+name: colours/);
  });

  it('finds objects of the workspace by letters, and fields of a file by name', async () => {
    const { page } = workbench;
    const input = page.locator('.quick-input-widget input').first();
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await page.keyboard.press('Control+t');
    await input.fill('#artist');
    await rows.filter({ hasText: 'Pod/artist' }).first().click();
    await page.locator('.tab.active', { hasText: 'artist.yaml' }).waitFor();
    await page.keyboard.press('Control+Shift+o');
    await input.fill('@configMapKeyRef');
    await rows.filter({ hasText: 'configMapKeyRef' }).first().waitFor();
    await workbench.screenshot('symbols-dark');
    await page.keyboard.press('Escape');
  });

  it('shows what the server would set, once a person wants it', async () => {
    const { page, workspace } = workbench;
    await openNew(workbench, 'hints.yaml', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: hints\nspec:\n  ports:\n    - port: 80\n');
    mkdirSync(join(workspace, '.vscode'));
    writeFileSync(join(workspace, '.vscode', 'settings.json'), '{"kubepad.inlayHints.defaults": true}');
    await page.locator('.view-line', { hasText: 'protocol: TCP, targetPort: 80' }).waitFor();
    await workbench.screenshot('inlay-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('inlay-light');
    await workbench.setTheme('dark');
    assert.match(readFileSync(join(workspace, 'hints.yaml'), 'utf8'), /port: 80\n$/);
  });

  it('judges the whole workspace on request', async () => {
    const { page } = workbench;
    const toast = page.locator('.notification-toast');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('Kubepad: Validate Workspace');
    await toast.filter({ hasText: /Kubepad: \d+ problems in \d+ of \d+ files/ }).waitFor();
    await workbench.screenshot('validated-dark');
    await toast.getByRole('button', { name: 'Show Problems' }).click();
    await page.locator('.markers-panel .monaco-list-row', { hasText: 'five-faults.yaml' }).first().waitFor();
    assert.match((await problemTexts(page)).join('\n'), /\S/);
    await workbench.screenshot('problems-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('problems-light');
    await workbench.setTheme('dark');
  });

  it('stops when told to, and claims nothing of files that nobody looked at', async () => {
    const { page, workspace } = workbench;
    await workbench.runCommand('Notifications: Clear All Notifications');
    const many = Array.from({ length: 60 }, (_, index) => PALETTE.replace('palette', `palette-${index}`)).join('---\n');
    mkdirSync(join(workspace, 'many'));
    for (let index = 0; index < 400; index++) writeFileSync(join(workspace, 'many', `${index}.yaml`), many);
    await workbench.runCommand('Kubepad: Validate Workspace');
    const toast = page.locator('.notification-toast');
    const running = toast.filter({ hasText: 'Validating the workspace' });
    await running.getByRole('button', { name: 'Cancel' }).click();
    await running.waitFor({ state: 'detached' });
    await workbench.runCommand('Notifications: Show Notifications');
    await page.locator('.notifications-center').waitFor();
    assert.equal(await page.locator('.notification-list-item', { hasText: /problems? in|nothing to complain/ }).count(), 0);
  });
});

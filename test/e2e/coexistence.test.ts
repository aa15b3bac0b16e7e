import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { squiggles } from './support/editor.ts';
import { pictureFailures } from './support/suites.ts';
import { openNew } from './support/typing.ts';
import { openWorkbench, type Neighbour, type Workbench } from './support/workbench.ts';

/** What the others have that Kubepad looks at: their ids, and the settings that make them silent. */
const YAML: Neighbour = {
  publisher: 'redhat',
  name: 'vscode-yaml',
  contributes: {
    configuration: {
      title: 'YAML',
      properties: { 'yaml.validate': { type: 'boolean', default: true }, 'yaml.schemas': { type: 'object', default: {} } },
    },
  },
};
const KUBERNETES: Neighbour = { publisher: 'ms-kubernetes-tools', name: 'vscode-kubernetes-tools', contributes: {} };

const FAULTY = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: twice\nspec:\n  containers: none\n';

describe('beside another extension that judges manifests', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({
      name: 'e2e-coexistence',
      neighbours: [YAML, KUBERNETES],
      settings: { 'yaml.schemas': { kubernetes: '*.yaml', './own.json': 'own.yaml' } },
    });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const question = () => workbench.page.locator('.notification-toast', { hasText: 'Who should in this workspace?' });
  const settings = (): Readonly<Record<string, unknown>> => {
    const file = join(workbench.workspace, '.vscode', 'settings.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>) : {};
  };
  const untilSettings = async (expected: Readonly<Record<string, unknown>>): Promise<void> => {
    for (let attempt = 0; attempt < 200 && JSON.stringify(settings()) !== JSON.stringify(expected); attempt++)
      await workbench.page.waitForTimeout(50);
    assert.deepEqual(settings(), expected);
  };

  it('asks who should, once a manifest is open, and says what each answer changes', async () => {
    await openNew(workbench, 'notes.yaml', 'just: notes\n');
    await openNew(workbench, 'twice.yaml', FAULTY);
    await question().waitFor();
    const text = await question().innerText();
    assert.match(text, /Kubepad, Kubernetes \(Microsoft\) and YAML \(Red Hat\) judge Kubernetes manifests/);
    assert.match(text, /"Only Kubepad" changes yaml\.schemas and yaml\.validate in this workspace/);
    await workbench.screenshot('coexistence-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('coexistence-light');
    await workbench.setTheme('dark');
  });

  it('makes the other one silent by its own settings, also against what the user set', async () => {
    await question().getByRole('button', { name: 'Only Kubepad' }).click();
    await question().waitFor({ state: 'detached' });
    await untilSettings({ 'yaml.schemas': { kubernetes: [] }, 'yaml.validate': false, 'kubepad.coexistence': 'kubepad' });
    await squiggles(workbench.page, 'error').first().waitFor();
  });

  it('does not ask again', async () => {
    await workbench.reload();
    await openNew(workbench, 'thrice.yaml', FAULTY.replace('twice', 'thrice'));
    await squiggles(workbench.page, 'error').first().waitFor();
    assert.equal(await question().count(), 0);
  });
});

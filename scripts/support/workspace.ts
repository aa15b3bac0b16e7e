// The workspace and the settings that tests run VS Code with: a copy of samples/, so that tests may write.

import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, root } from './process.ts';

/** No page, prompt or background traffic that a test did not ask for. */
export const testSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'window.confirmBeforeClose': 'never',
  'window.autoDetectColorScheme': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'explorer.confirmDelete': false,
  'files.simpleDialog.enable': true,
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'chat.disableAIFeatures': true,
  'editor.accessibilitySupport': 'off',
  'editor.minimap.enabled': false,
};

/** Fresh folders for one run: `data` for VS Code, `workspace` with a copy of the samples. */
export function freshFolders(name: string): { readonly data: string; readonly workspace: string } {
  const folder = join(cacheDir, name);
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const data = join(folder, 'data');
  const workspace = join(folder, 'samples');
  mkdirSync(data, { recursive: true });
  mkdirSync(workspace, { recursive: true });
  if (existsSync(join(root, 'samples'))) cpSync(join(root, 'samples'), workspace, { recursive: true });
  return { data, workspace };
}

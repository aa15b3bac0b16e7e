// `npm start [FOLDER]`: builds, then opens VS Code with Kubepad and the samples (or FOLDER).
// A local `code` is used if there is one, else the VS Code server from npm, whose address is printed and opened. KUBEPAD_VSCODE decides otherwise.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { buildAll } from './build.ts';
import { cacheDir, root, run } from './support/process.ts';
import { startVscodeServer } from './vscodeServer.ts';

/** Nothing that distracts from the samples: the folder is part of this checkout, and nobody is signed in. */
const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
};

const folder = resolve(process.argv[2] ?? join(root, 'samples'));
console.log('Building…');
await buildAll({ production: false });

const code = process.env['KUBEPAD_VSCODE'] === 'server' ? undefined : localCode();
if (code === undefined) {
  await startServer();
} else {
  console.log(`Opening ${folder} in ${code}`);
  process.exitCode = await run(code, ['--new-window', `--extensionDevelopmentPath=${root}`, folder]);
}

async function startServer(): Promise<void> {
  const server = await startVscodeServer({
    dataDir: join(cacheDir, 'vscode'),
    settings: quietSettings,
  });
  const url = server.pageUrl({ folder });
  console.log(`\nVS Code with Kubepad is at\n\n  ${url}\n\nCtrl+C ends it.`);
  openBrowser(url);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
  await server.ended;
}

/** The desktop's `code` on PATH; the one of a VS Code terminal over a remote connection cannot develop an extension of this machine. */
function localCode(): string | undefined {
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((path) => path !== '' && !path.includes('remote-cli'));
  return folders.flatMap((path) => names.map((name) => join(path, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function openBrowser(url: string): void {
  const display = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  if (!display || process.env['CI'] !== undefined) return;
  const [command, ...args] =
    process.platform === 'darwin' ? ['open', url] : process.platform === 'win32' ? ['explorer', url] : ['xdg-open', url];
  spawn(command ?? '', args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

// VS Code as a server, from the npm package `code-server`: only its lib/vscode is used, with this project's Node.
// Invariant: a server has a data folder of its own, listens on loopback only, and ends with the script that started it.

import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root, run } from './support/process.ts';

const vscodeDir = join(root, 'node_modules/code-server/lib/vscode');

export interface VscodeServerOptions {
  /** Settings, extensions and logs of this server; created if missing. */
  readonly dataDir: string;
  /** User settings of the workbench. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * True: pages can name a test suite, Kubepad is an extension under development, and notifications stay in their center.
   * Otherwise Kubepad is an installed extension and everything is as a person has it.
   */
  readonly forTests?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface PageOptions {
  /** Absolute path of the folder to open. */
  readonly folder: string;
  /** Absolute path of a CommonJS module whose run() is called in the extension host. Needs `forTests`. */
  readonly tests?: string;
}

export interface VscodeServer {
  readonly port: number;
  /** The address of a workbench that runs Kubepad from this checkout. */
  pageUrl(options: PageOptions): string;
  /** Resolves when the server's processes have ended. */
  stop(): Promise<void>;
  readonly ended: Promise<number | null>;
}

/** Installs the server's own packages, once per version (10 s); nothing native is built. */
export async function prepareVscodeServer(): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules/code-server/package.json'), 'utf8')) as { version: string };
  const stamp = join(vscodeDir, 'node_modules', '.kubepad-prepared');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== manifest.version) await installPackages(manifest.version, stamp);
  copyFileSync(join(root, 'scripts/support/plainLog.cjs'), join(vscodeDir, 'node_modules/@vscode/spdlog/index.js'));
}

async function installPackages(version: string, stamp: string): Promise<void> {
  console.log(`Preparing VS Code (code-server ${version}), once…`);
  const code = await run('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: vscodeDir,
  });
  if (code !== 0) throw new Error(`npm install in ${vscodeDir} failed with exit code ${code}.`);
  writeFileSync(stamp, version);
}

/** Starts a server on a free port; resolves when it answers. */
export async function startVscodeServer(options: VscodeServerOptions): Promise<VscodeServer> {
  await prepareVscodeServer();
  const port = await freePort();
  const userDir = join(options.dataDir, 'data', 'User');
  mkdirSync(userDir, { recursive: true });
  writeFileSync(join(userDir, 'settings.json'), JSON.stringify(options.settings, null, 2));
  if (options.forTests !== true) installExtension(options.dataDir);
  const log = createWriteStream(join(options.dataDir, 'server.log'));
  const child = spawn(process.execPath, serverArguments(port, options), {
    cwd: vscodeDir,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that its extension hosts end with it.
    detached: true,
  });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = (): Promise<void> => stopGroup(child, ended);
  const kill = (): void => killGroup(child, 'SIGKILL');
  process.once('exit', kill);
  void ended.then(() => process.off('exit', kill));
  await Promise.race([
    untilAnswering(port),
    ended.then((code) => {
      throw new Error(`The VS Code server ended with ${code ?? 'a signal'}; see ${join(options.dataDir, 'server.log')}.`);
    }),
  ]);
  return { port, pageUrl: (page) => pageUrl(port, page), stop, ended };
}

/** The checkout itself stands among the installed extensions; the server makes its list of them anew. */
function installExtension(dataDir: string): void {
  const extensions = join(dataDir, 'extensions');
  mkdirSync(extensions, { recursive: true });
  rmSync(join(extensions, 'extensions.json'), { force: true });
  const link = join(extensions, 'kubepad.kubepad');
  rmSync(link, { force: true });
  symlinkSync(root, link, 'junction');
}

function serverArguments(port: number, { dataDir, forTests }: VscodeServerOptions): readonly string[] {
  return [
    'out/server-main.js',
    ...['--host', '127.0.0.1', '--port', String(port), '--server-data-dir', dataDir],
    ...['--without-connection-token', '--accept-server-license-terms', '--disable-workspace-trust', '--telemetry-level', 'off'],
    // Without it the built workbench does not read the payload of the address.
    ...(forTests === true ? ['--enable-smoke-test-driver'] : []),
  ];
}

function pageUrl(port: number, page: PageOptions): string {
  const base = `http://127.0.0.1:${port}/?folder=${encodeURI(page.folder)}`;
  if (page.tests === undefined) return base;
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(page.tests)],
  ];
  return `${base}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

async function untilAnswering(port: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/version`).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The VS Code server did not answer within 60 s.');
}

async function stopGroup(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  killGroup(child, 'SIGTERM');
  const patience = setTimeout(() => killGroup(child, 'SIGKILL'), 3_000);
  await ended;
  clearTimeout(patience);
  killGroup(child, 'SIGKILL');
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

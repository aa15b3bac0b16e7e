// `npm run test:integration [-- PATTERN]`: the mocha suites of test/integration inside a real VS Code.
// KUBEPAD_VSCODE=electron uses a desktop VS Code (@vscode/test-electron), =server the one from npm in a headless browser; see chooseHost().

import { build } from 'esbuild';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Report } from '../test/integration/harness.ts';
import { findBinaries } from '../test/clients/support/binaries.ts';
import { launchBrowser } from './browser.ts';
import { root, writeSummary } from './support/process.ts';
import { freshFolders, testSettings } from './support/workspace.ts';
import { startVscodeServer } from './vscodeServer.ts';

const limitMs = 10 * 60_000;
const outDir = join(root, 'out/integration');
const suiteFile = join(outDir, 'suite.cjs');
const resultsFile = join(outDir, 'results.jsonl');

await buildSuite(process.argv[2] ?? '');
rmSync(resultsFile, { force: true });
// The suites that render need a helm and a kubectl.
const tools = findBinaries();
process.env['KUBEPAD_HELM'] ??= tools?.helm;
process.env['KUBEPAD_KUBECTL'] ??= tools?.kubectl;
const host = await chooseHost();
console.log(`VS Code: ${host}`);
const summary = host === 'electron' ? await runInElectron() : await runInServer();
console.log(`${summary.passed} passed, ${summary.failed} failed`);
writeSummary('integration', summary);
process.exit(summary.failed > 0 ? 1 : 0);

async function buildSuite(pattern: string): Promise<void> {
  if (!existsSync(join(root, 'dist'))) throw new Error('dist/ does not exist: run `npm run build` first.');
  const files = globSync('test/integration/**/*.test.ts', { cwd: root })
    .filter((file) => file.includes(pattern))
    .toSorted();
  if (files.length === 0) throw new Error(`no file of test/integration matches ${pattern}`);
  mkdirSync(outDir, { recursive: true });
  const requires = files.map((file) => `require(${JSON.stringify(`./${file}`)});`).join(' ');
  await build({
    stdin: {
      contents: `import { runTests } from './test/integration/harness.ts';
        export const run = () => runTests(() => { ${requires} }, ${JSON.stringify(resultsFile)});`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    outfile: suiteFile,
    logLevel: 'warning',
  });
}

/** Electron needs a screen and a VS Code that is here or can be fetched; everything else runs anywhere. */
async function chooseHost(): Promise<'electron' | 'server'> {
  const wanted = process.env['KUBEPAD_VSCODE'];
  if (wanted === 'electron' || wanted === 'server') return wanted;
  if (process.platform === 'linux' && process.env['DISPLAY'] === undefined && process.env['WAYLAND_DISPLAY'] === undefined) return 'server';
  if (existsSync(join(root, '.vscode-test'))) return 'electron';
  const answer = await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal: AbortSignal.timeout(3_000) }).catch(
    () => undefined,
  );
  return answer?.ok === true ? 'electron' : 'server';
}

async function runInElectron() {
  const { runTests } = await import('@vscode/test-electron');
  const folders = freshFolders('integration');
  const ended = runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: suiteFile,
    launchArgs: [folders.workspace, '--disable-extensions', '--disable-workspace-trust', '--user-data-dir', folders.data, '--skip-welcome'],
  }).catch((error: unknown) => console.error(error));
  const summary = await followResults(ended);
  await ended;
  return summary;
}

async function runInServer() {
  const folders = freshFolders('integration');
  const server = await startVscodeServer({ dataDir: folders.data, settings: testSettings, forTests: true });
  const { browser, name } = await launchBrowser();
  console.log(`Browser: ${name}`);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(server.pageUrl({ folder: folders.workspace, tests: suiteFile }));
    return await followResults(server.ended);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Prints results as they come; ends with the suite, with the host, or at the limit. */
async function followResults(hostEnded: Promise<unknown>): Promise<{ readonly passed: number; readonly failed: number }> {
  let alive = true;
  void hostEnded.then(() => (alive = false));
  const deadline = Date.now() + limitMs;
  let seen = 0;
  for (;;) {
    const wasAlive = alive;
    const lines = existsSync(resultsFile) ? readFileSync(resultsFile, 'utf8').split('\n').slice(0, -1) : [];
    for (const line of lines.slice(seen)) {
      const report = JSON.parse(line) as Report;
      if (report.kind === 'end') return { passed: report.passed, failed: report.failed };
      print(report);
    }
    seen = lines.length;
    if (!wasAlive || Date.now() > deadline) {
      console.error(wasAlive ? 'The suite did not end in time.' : 'VS Code ended before the suite did.');
      return { passed: seen, failed: 1 };
    }
    await delay(100);
  }
}

function print(report: Exclude<Report, { kind: 'end' }>): void {
  if (report.kind === 'pass') console.log(`  ✔ ${report.title} (${report.durationMs} ms)`);
  else if (report.kind === 'skip') console.log(`  - ${report.title}`);
  else console.log(`  ✖ ${report.title}\n${report.error.replaceAll(/^/gm, '      ')}`);
}

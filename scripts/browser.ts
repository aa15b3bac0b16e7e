// A headless Chromium for tests: the one from npm first, then one of the system.
// `npm run browser:check` says which one starts; exit code 1 if none does.

import { type Browser, chromium } from 'playwright-core';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, root } from './support/process.ts';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

interface Candidate {
  readonly name: string;
  /** Launches it, or throws. */
  readonly launch: () => Promise<Browser>;
}

const candidates: readonly Candidate[] = [
  { name: 'the one named by KUBEPAD_BROWSER', launch: () => launchFile(process.env['KUBEPAD_BROWSER'] ?? '') },
  { name: '@sparticuz/chromium', launch: () => launchUnpacked(false) },
  { name: '@sparticuz/chromium with its own libraries', launch: () => launchUnpacked(true) },
  ...['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'].map((file): Candidate => ({
    name: file,
    launch: () => launchFile(file),
  })),
  { name: 'an installed Chrome', launch: () => chromium.launch({ channel: 'chrome', headless: true, args }) },
  { name: 'an installed Edge', launch: () => chromium.launch({ channel: 'msedge', headless: true, args }) },
];

/** Starts the first browser that works; throws with the reason of each if none does. */
export async function launchBrowser(): Promise<{ readonly browser: Browser; readonly name: string }> {
  const reasons: string[] = [];
  for (const { name, launch } of candidates) {
    try {
      return { browser: await launch(), name };
    } catch (error) {
      reasons.push(`  ${name}: ${String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? ''}`);
    }
  }
  throw new Error(`No browser starts on this machine. Install chromium, or name one in KUBEPAD_BROWSER.\n${reasons.join('\n')}`);
}

async function launchFile(executablePath: string, env: Readonly<Record<string, string>> = {}): Promise<Browser> {
  if (!existsSync(executablePath)) throw new Error('not there');
  return chromium.launch({ executablePath, headless: true, args, env: { ...process.env, ...env } });
}

/** The package carries NSS and a font too, for systems that have none. */
async function launchUnpacked(withLibraries: boolean): Promise<Browser> {
  const folder = await unpacked();
  return launchFile(join(folder, 'chromium'), {
    ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') }),
    ...(withLibraries ? { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } : {}),
  });
}

/** Unpacks the browser of the package once per version; returns its folder. */
async function unpacked(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('it is made for Linux x64');
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8')) as { version: string };
  const folder = join(cacheDir, `chromium-${manifest.version}`);
  if (existsSync(folder)) return folder;
  // Several processes may come here at once: each unpacks for itself, the first one to finish gives the folder its name.
  mkdirSync(cacheDir, { recursive: true });
  const own = mkdtempSync(`${folder}-`);
  // The package unpacks into the temporary folder, and its libraries only where it believes to run on AWS.
  const restore = setEnv({ TMPDIR: own, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' });
  try {
    const { default: sparticuz } = await import('@sparticuz/chromium');
    await sparticuz.executablePath();
  } finally {
    restore();
  }
  try {
    renameSync(own, folder);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Returns what puts the old values back. */
function setEnv(values: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

if (import.meta.main) {
  const { browser, name } = await launchBrowser();
  console.log(`${name}: Chromium ${browser.version()}`);
  await browser.close();
}

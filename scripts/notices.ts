// Third-party notices: the licences of exactly those packages that esbuild put into the bundles, and of the icon font.

import type { Metafile } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './support/process.ts';

/** Licences that may be shipped in an Apache-2.0 work without further duties than keeping their text. */
const allowed = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'CC-BY-4.0', 'BlueOak-1.0.0', 'Unlicense']);

/** The text of THIRD-PARTY-NOTICES.txt; throws if a bundled package has no licence text or one that is not allowed. */
export function thirdPartyNotices(metafiles: Iterable<Metafile>): string {
  const packages = new Set(['node_modules/@vscode/codicons']);
  for (const metafile of metafiles) {
    for (const output of Object.values(metafile.outputs)) {
      for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
        const folder = packageOf(input);
        if (folder !== undefined && bytesInOutput > 0) packages.add(folder);
      }
    }
  }
  const sections = [...packages].toSorted().map(sectionOf);
  return `Kubepad contains the software below, each under its own licence.\n${sections.join('')}`;
}

/** `node_modules/a/node_modules/@b/c/lib/x.js` ▸ `node_modules/a/node_modules/@b/c`. */
function packageOf(input: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function sectionOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const license = manifest.license ?? 'unknown';
  if (!license.split(/ OR | AND |[()]/).some((part) => allowed.has(part)))
    throw new Error(`${manifest.name}: the licence ${license} is not in the list of notices.ts.`);
  const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice|copying)(?!.*\.(js|ts)$)/i.test(file));
  if (files.length === 0) throw new Error(`${manifest.name} has no licence file.`);
  const texts = files.toSorted().map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
  return `\n${'-'.repeat(80)}\n${manifest.name} ${manifest.version} (${license})\n\n${texts.join('\n\n')}\n`;
}

// `npm run package`: a production build, its third-party notices, and kubepad-<version>.vsix, checked for size and content.

import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from './build.ts';
import { thirdPartyNotices } from './notices.ts';
import { root } from './support/process.ts';

const limitBytes = 3 * 1024 * 1024;

/** What may ship. Anything else in the package is a mistake in .vscodeignore. */
const shipped =
  /^(dist\/.*\.(cjs|mjs|js|css|ttf)|media\/.*\.(svg|png|md|yaml|br)|samples\/.*|docs\/glossary(\.ko)?\.md|package(\.nls(\.ko)?)?\.json|README\.md|CHANGELOG\.md|LICENSE|THIRD-PARTY-NOTICES\.txt)$/;

const metafiles = await buildAll({ production: true });
writeFileSync(join(root, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(metafiles.values()));

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const packagePath = join(root, `kubepad-${manifest.version}.vsix`);
const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
const strays = files.map((file) => file.replaceAll('\\', '/')).filter((file) => !shipped.test(file));
if (strays.length > 0) throw new Error(`These files must not ship; see .vscodeignore:\n  ${strays.join('\n  ')}`);
if (process.env['VSCE_VERBOSE'] !== undefined) console.log(files.join('\n'));

await createVSIX({ cwd: root, packagePath, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
const bytes = statSync(packagePath).size;
console.log(`${packagePath.slice(root.length + 1)}: ${files.length} files, ${(bytes / 1024 / 1024).toFixed(2)} MB of at most 3 MB`);
if (bytes > limitBytes) throw new Error(`The package has ${bytes} bytes; ${limitBytes} are allowed.`);

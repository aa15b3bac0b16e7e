/**
 * The keys of a server: its certificate authority and certificate, and what it signs the tokens of ServiceAccounts with.
 * Invariant: made on first use; on the disk only in a file that the user alone can read.
 */
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createServerIdentity, isUsable, type ServerIdentity } from './certificate.ts';
import { newSigningKey } from './tokenSigner.ts';

export interface ServingKeys {
  readonly identity: ServerIdentity;
  /** PEM */
  readonly signingKey: string;
}

/** @param file where the keys are kept; undefined: nowhere, so the next run has others */
export function loadKeys(file: string | undefined): ServingKeys {
  const stored = file === undefined ? undefined : readKeys(file);
  if (stored !== undefined) return stored;
  const keys = { identity: createServerIdentity(Date.now()), signingKey: newSigningKey() };
  if (file !== undefined) writePrivate(file, JSON.stringify(keys));
  return keys;
}

/** Writes a file that holds secrets: readable by the user alone, also if it was there before. */
export function writePrivate(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  // A file that is there already may be open to others: it is closed to them before the secrets are in it.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  writeFileSync(file, content);
}

function readKeys(file: string): ServingKeys | undefined {
  try {
    const keys = JSON.parse(readFileSync(file, 'utf8')) as ServingKeys;
    return typeof keys.signingKey === 'string' && isUsable(keys.identity) ? keys : undefined;
  } catch {
    return undefined;
  }
}

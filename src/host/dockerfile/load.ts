import { createRequire } from 'node:module';
import type * as service from './service.ts';

export type DockerfileService = typeof service;

let loaded: DockerfileService | undefined;

/** The language service for Dockerfiles; its bundle is read when the first one is looked at. */
export function dockerfileService(): DockerfileService {
  const bundled = import.meta.filename.endsWith('.mjs');
  loaded ??= createRequire(import.meta.url)(bundled ? './dockerfile.mjs' : './service.ts') as DockerfileService;
  return loaded;
}

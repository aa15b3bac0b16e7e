import type { RegistryHooks } from './hooks.ts';
import { namespaceHooks } from './core/namespace/namespace.ts';

/** The kinds whose storage does more than store, by group resource. */
export const REGISTRY_HOOKS: ReadonlyMap<string, RegistryHooks> = new Map([['namespaces', namespaceHooks]]);

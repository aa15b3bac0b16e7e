/**
 * All rules, in the order in which their findings are told. The only list.
 */
import { ACCESS_RULES } from './catalog/access.ts';
import { CONTAINER_RULES } from './catalog/containers.ts';
import { SECURITY_RULES } from './catalog/security.ts';
import { WORKLOAD_RULES } from './catalog/workloads.ts';
import type { Rule } from './rule.ts';

export const RULES: readonly Rule[] = [...CONTAINER_RULES, ...SECURITY_RULES, ...WORKLOAD_RULES, ...ACCESS_RULES];

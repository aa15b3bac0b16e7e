import type { Library } from '../environment.ts';
import { FUNCTIONS } from './functions.ts';
import { OPERATORS } from './operators.ts';

/** What every CEL has. */
export const STANDARD: Library = { functions: [...OPERATORS, ...FUNCTIONS] };

import type { Diagnostic } from '../../manifest/model.ts';

/** Whether a finding says that something is on its way out: editors strike it through. */
export function isDeprecation({ severity, message }: Pick<Diagnostic, 'severity' | 'message'>): boolean {
  return severity === 'warning' && /\bdeprecated\b/.test(message);
}

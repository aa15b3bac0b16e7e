import { isRecord } from '../../manifest/recognise.ts';
import type { DiagnosticSettings } from '../protocol/protocol.ts';

/** What a client has set, with the names that the extension's settings have. */
export interface LspSettings {
  readonly diagnostics: DiagnosticSettings;
  /** Whether manifests are judged at all. */
  readonly enabled: boolean;
  /** Whether hints tell what the server would set. */
  readonly inlayHints: boolean;
}

/**
 * @param given `initializationOptions`, or the `settings` of a change; with or without `kubepad` around it
 * @returns defaults where nothing fitting is given
 */
export function lspSettings(given: unknown): LspSettings {
  const own = recordAt(given, 'kubepad') ?? (isRecord(given) ? given : {});
  const validation = recordAt(own, 'validation') ?? {};
  const { namespace, targetVersion } = own;
  const rules = Object.entries(recordAt(own, 'rules') ?? {}).flatMap(([id, value]) => (typeof value === 'string' ? [[id, value]] : []));
  return {
    diagnostics: {
      namespace: typeof namespace === 'string' && namespace !== '' ? namespace : 'default',
      warnings: validation['warnings'] !== false,
      references: validation['references'] !== false,
      ...(rules.length === 0 ? {} : { rules: Object.fromEntries(rules) as Readonly<Record<string, string>> }),
      ...(typeof targetVersion === 'string' ? { targetVersion } : {}),
    },
    enabled: validation['enabled'] !== false,
    inlayHints: recordAt(own, 'inlayHints')?.['defaults'] === true,
  };
}

function recordAt(value: unknown, name: string): Readonly<Record<string, unknown>> | undefined {
  const inner = isRecord(value) ? value[name] : undefined;
  return isRecord(inner) ? inner : undefined;
}

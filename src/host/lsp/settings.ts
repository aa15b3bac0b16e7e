import { PRESET_NAMES, type Preset } from '../../cluster/options.ts';
import { isRecord } from '../../manifest/recognise.ts';
import type { DiagnosticSettings } from '../protocol/protocol.ts';

/** What a client has set, with the names that the extension's settings have. */
export interface LspSettings {
  readonly diagnostics: DiagnosticSettings;
  /** Whether manifests are judged at all. */
  readonly enabled: boolean;
  /** Whether hints tell what the server would set. */
  readonly inlayHints: boolean;
  readonly codeLens: boolean;
  readonly forecast: boolean;
  /** How grave it is that the cluster would refuse a manifest. */
  readonly admission: 'off' | 'information' | 'warning' | 'error';
  readonly rendering: { readonly enabled: boolean; readonly helm: string; readonly kubectl: string };
  /** Undefined: there is no cluster. */
  readonly cluster: LspClusterSettings | undefined;
}

export interface LspClusterSettings {
  readonly preset: Preset;
  readonly nodes: number | undefined;
  readonly seed: string;
  /** Files and folders that are applied to it at the start; relative to the first folder. */
  readonly manifests: readonly string[];
}

const ADMISSIONS = ['off', 'information', 'warning', 'error'] as const satisfies readonly LspSettings['admission'][];

/**
 * @param given `initializationOptions`, then the `settings` of a change, with or without `kubepad` around them: the later ones count,
 * and leave what they do not name, as some clients tell of settings that they have none of
 * @returns defaults where nothing fitting is given
 */
export function lspSettings(...given: readonly unknown[]): LspSettings {
  const own = given.map(ownOf).reduce(merged, {});
  const validation = recordAt(own, 'validation') ?? {};
  const { namespace, targetVersion } = own;
  const rules = Object.entries(recordAt(own, 'rules') ?? {}).flatMap(([id, value]) => (typeof value === 'string' ? [[id, value]] : []));
  const rendering = recordAt(own, 'rendering') ?? {};
  return {
    diagnostics: {
      namespace: textOr(namespace, 'default'),
      warnings: validation['warnings'] !== false,
      references: validation['references'] !== false,
      ...(rules.length === 0 ? {} : { rules: Object.fromEntries(rules) as Readonly<Record<string, string>> }),
      ...(typeof targetVersion === 'string' ? { targetVersion } : {}),
    },
    enabled: validation['enabled'] !== false,
    inlayHints: recordAt(own, 'inlayHints')?.['defaults'] === true,
    codeLens: own['codeLens'] !== false,
    forecast: own['forecast'] !== false,
    admission: ADMISSIONS.find((each) => each === validation['admission']) ?? 'warning',
    rendering: {
      enabled: rendering['enabled'] !== false,
      helm: textOr(rendering['helm'], 'helm'),
      kubectl: textOr(rendering['kubectl'], 'kubectl'),
    },
    cluster: clusterSettings(own['cluster']),
  };
}

/** Whether the client vouches for the folder: its charts may be rendered by programs that its settings name. */
export function isTrusted(initializationOptions: unknown): boolean {
  const own = recordAt(initializationOptions, 'kubepad') ?? initializationOptions;
  return isRecord(own) && own['trusted'] === true;
}

type Settings = Readonly<Record<string, unknown>>;

function ownOf(given: unknown): Settings {
  return recordAt(given, 'kubepad') ?? (isRecord(given) ? given : {});
}

function merged(before: Settings, after: Settings): Settings {
  const result: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(after)) {
    const known = result[name];
    result[name] = isRecord(known) && isRecord(value) ? merged(known, value) : value;
  }
  return result;
}

function clusterSettings(given: unknown): LspClusterSettings | undefined {
  if (given !== true && !isRecord(given)) return undefined;
  const own = isRecord(given) ? given : {};
  const { nodes, manifests } = own;
  return {
    preset: PRESET_NAMES.find((name) => name === own['preset']) ?? 'default',
    nodes: typeof nodes === 'number' && Number.isInteger(nodes) && nodes >= 0 ? nodes : undefined,
    seed: textOr(own['seed'], 'kubepad'),
    manifests: Array.isArray(manifests) ? manifests.filter((each) => typeof each === 'string') : [],
  };
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

function recordAt(value: unknown, name: string): Readonly<Record<string, unknown>> | undefined {
  const inner = isRecord(value) ? value[name] : undefined;
  return isRecord(inner) ? inner : undefined;
}

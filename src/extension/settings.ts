import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { Coexistence } from './coexistence/doubles.ts';
import { type SettingName, settings } from './ids.ts';

/** How grave it is that the simulated cluster would refuse a manifest. */
export type AdmissionSeverity = 'off' | 'information' | 'warning' | 'error';

export interface Settings {
  readonly namespace: string;
  readonly persistence: boolean;
  readonly validation: {
    readonly enabled: boolean;
    readonly warnings: boolean;
    readonly references: boolean;
    readonly admission: AdmissionSeverity;
  };
  /** Rules of good practice: id or `*`, and how grave it is, `default` or `off`. */
  readonly rules: Readonly<Record<string, string>>;
  /** The release of Kubernetes that manifests are for. */
  readonly targetVersion: string;
  readonly codeLens: boolean;
  /** Whether what would become of open manifests is worked out. */
  readonly forecast: boolean;
  /** Who judges manifests where another extension does, too. */
  readonly coexistence: Coexistence;
  /** Whether hints at the ends of lines tell what the server would set. */
  readonly inlayHints: boolean;
  /** Whether manifests are formatted; `auto`: unless another extension formats YAML. */
  readonly format: 'auto' | 'on' | 'off';
  /** Whether Dockerfiles are judged and explained; `auto`: unless another extension does. */
  readonly dockerfile: 'auto' | 'on' | 'off';
  /** Whether charts and kustomizations are rendered, and by which programs. */
  readonly rendering: { readonly enabled: boolean; readonly helm: string; readonly kubectl: string };
  readonly cluster: { readonly preset: string; readonly nodes: number; readonly seed: string };
  /** A file; undefined: none, or the workspace is not trusted. */
  readonly schedulerConfig: string | undefined;
  /** A file; empty: what kubectl would take. */
  readonly kubeconfig: string;
}

/** The settings as they are now; read anew every time, they are cheap. */
export function readSettings(): Settings {
  return {
    namespace: read(settings.namespace, '').trim() || 'default',
    persistence: read(settings.persistence, true),
    validation: {
      enabled: read(settings.validationEnabled, true),
      warnings: read(settings.validationWarnings, true),
      references: read(settings.validationReferences, true),
      admission: read<AdmissionSeverity>(settings.validationAdmission, 'warning'),
    },
    // VS Code hands out a proxy, which no message to a thread can carry.
    rules: { ...read<Settings['rules']>(settings.rules, {}) },
    targetVersion: read(settings.targetVersion, '1.36'),
    codeLens: read(settings.codeLens, true),
    forecast: read(settings.forecast, true),
    coexistence: read<Coexistence>(settings.coexistence, 'ask'),
    inlayHints: read(settings.inlayHints, false),
    format: read<Settings['format']>(settings.format, 'auto'),
    dockerfile: read<Settings['dockerfile']>(settings.dockerfile, 'auto'),
    rendering: {
      enabled: read(settings.rendering, true),
      helm: read(settings.helm, '').trim() || 'helm',
      kubectl: read(settings.kubectl, '').trim() || 'kubectl',
    },
    cluster: { preset: read(settings.preset, 'default'), nodes: read(settings.nodes, 3), seed: read(settings.seed, 'kubepad') },
    kubeconfig: read(settings.kubeconfig, '').trim(),
    schedulerConfig: schedulerConfigFile(read(settings.schedulerConfig, '').trim()),
  };
}

/** Relative to the first folder of the workspace. What a folder says by itself is not read before a person trusts it. */
function schedulerConfigFile(path: string): string | undefined {
  if (path === '' || !vscode.workspace.isTrusted) return undefined;
  if (isAbsolute(path)) return path;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder?.scheme === 'file' ? join(folder.fsPath, path) : undefined;
}

function read<T>(name: SettingName, fallback: T): T {
  return vscode.workspace.getConfiguration().get<T>(name, fallback);
}

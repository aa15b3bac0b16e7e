/**
 * Tells what a file or a document is before anyone judges it, so that nothing is called wrong that is not a manifest.
 * Invariant: in doubt a text is left alone. Counterpart: none; kubectl is only given manifests.
 */
export type FileKind =
  | 'manifest'
  /** A template of a Helm chart: it becomes a manifest only when rendered. */
  | 'template'
  /** A kustomization, or a file that kustomize merges into others. */
  | 'kustomize'
  /** YAML or JSON of something else. */
  | 'other';

/** By its name and the marks of a template; documents are told apart by `isObjectLike`. */
export function recogniseFile(uri: string, text: string): FileKind {
  const path = uri.replace(/[?#].*$/, '');
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^kustomization(\.ya?ml)?$/i.test(name)) return 'kustomize';
  if (/^(?:Chart|values(?:[.-][\w.-]+)?|requirements)\.ya?ml$/i.test(name) && !/^kind:/m.test(text)) return 'other';
  if (/\.tpl$/i.test(name) || (/\/templates\//.test(path) && /\.txt$/i.test(name))) return 'template';
  if (text.includes('{{') && (HELM_ACTION.test(text) || (/\/templates\//.test(path) && OTHER_ACTION.test(text)))) return 'template';
  if (OTHER_NAMES.test(name) || OTHER_FOLDERS.test(path)) return 'other';
  if (text.includes('$patch') && /^\s*-?\s*\$patch:/m.test(text)) return 'kustomize';
  return 'manifest';
}

/** Files whose form other tools own. */
const OTHER_NAMES =
  /^(?:docker-compose|compose|package(?:-lock)?|tsconfig|pnpm-lock|pnpm-workspace|mkdocs|\.pre-commit-config|\.gitlab-ci|skaffold|renovate|\.[\w-]+rc)\b.*\.(?:ya?ml|json)$/i;
const OTHER_FOLDERS = /\/(?:\.github|\.vscode|node_modules)\//;

/** An action of Helm's template language; `{{ $labels.x }}` within a text, as alert rules have it, is none. */
const HELM_ACTION =
  /\{\{-?\s*(?:\.(?:Values|Release|Chart|Files|Capabilities|Template)\b|(?:include|template|define|block|toYaml|tpl|if|else|end|range|with|required|default|quote|lookup)\b|\/\*|\$\w*\s*:=|- )/;

/** Any action in a folder of templates; workflows of Argo, which have braces of their own, may lie in such a folder as well. */
const OTHER_ACTION = /\{\{(?!=|\s*(?:inputs|outputs|workflow|steps|tasks|item|items|pod|node|retries|cronworkflow|lastRetry)\b)/;

/** A document that means to be a Kubernetes object. */
export interface ObjectHead {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly namespace: string;
  readonly name: string;
  /** The name that the server will extend; empty if there is none. */
  readonly generateName: string;
}

/** The head of an object; undefined if the value is none. One of `apiVersion` and `kind` may be missing while a person types. */
export function headOf(value: unknown): ObjectHead | undefined {
  if (!isRecord(value)) return undefined;
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' && typeof kind !== 'string') return undefined;
  const both = typeof apiVersion === 'string' && typeof kind === 'string';
  if (!both && !isRecord(metadata) && !isRecord(value['spec'])) return undefined;
  if (kind === 'Config' && 'clusters' in value) return undefined;
  const meta = isRecord(metadata) ? metadata : {};
  return {
    apiVersion: typeof apiVersion === 'string' ? apiVersion : undefined,
    kind: typeof kind === 'string' ? kind : undefined,
    namespace: textOf(meta['namespace']),
    name: textOf(meta['name']),
    generateName: textOf(meta['generateName']),
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

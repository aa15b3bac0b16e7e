/** Which other extensions judge Kubernetes manifests, and what has to change for each answer to who should; without VS Code. */

/** Who judges manifests where another extension does so, too. */
export type Coexistence = 'ask' | 'kubepad' | 'others' | 'both';

/** It hands the schemas of Kubernetes to Red Hat's extension for every file with a kind. */
export const KUBERNETES_TOOLS = 'ms-kubernetes-tools.vscode-kubernetes-tools';
export const REDHAT_YAML = 'redhat.vscode-yaml';

export interface Neighbours {
  readonly isInstalled: (id: string) => boolean;
  /** The value of `yaml.schemas` that holds: of user and workspace together. */
  readonly schemas: unknown;
  /** What of it is set where the answer is written down. Left out: nothing. */
  readonly ownSchemas?: unknown;
  /** What of it is set beneath that place, and shows through: defaults, and settings of the user. Left out: nothing. */
  readonly schemasBeneath?: unknown;
}

/** What people know the extensions by that judge manifests here; none: there is nothing twice. */
export function doublesOf({ isInstalled, schemas }: Neighbours): readonly string[] {
  if (isInstalled(KUBERNETES_TOOLS)) return ['Kubernetes (Microsoft)', ...(isInstalled(REDHAT_YAML) ? ['YAML (Red Hat)'] : [])];
  return isInstalled(REDHAT_YAML) && kubernetesKeys(schemas).length > 0 ? ['YAML (Red Hat)'] : [];
}

/** Keys of `yaml.schemas` that stand for Kubernetes and for some files: its own word, and copies of the schemas on the web. */
export function kubernetesKeys(schemas: unknown): readonly string[] {
  return Object.entries(asObject(schemas)).flatMap(([key, files]) => (isKubernetes(key) && !isNone(files) ? [key] : []));
}

function isKubernetes(key: string): boolean {
  return /^kubernetes$/i.test(key) || /kubernetes-json-schema|\/kubernetes\//i.test(key);
}

function isNone(files: unknown): boolean {
  return Array.isArray(files) && files.length === 0;
}

export interface SettingChange {
  readonly name: string;
  readonly value: unknown;
}

/** Settings of other extensions that make them silent about manifests. A value of undefined takes the setting away. */
export function changesFor(choice: Coexistence, neighbours: Neighbours): readonly SettingChange[] {
  if (choice !== 'kubepad') return [];
  return [
    ...(kubernetesKeys(neighbours.schemas).length === 0 ? [] : [{ name: 'yaml.schemas', value: silencedSchemas(neighbours) }]),
    // There is no switch for these schemas alone.
    ...(neighbours.isInstalled(KUBERNETES_TOOLS) ? [{ name: 'yaml.validate', value: false }] : []),
  ];
}

/**
 * The schemas for the place where the answer is written down. VS Code merges the objects of all places key by key, so what is
 * beneath cannot be left out: it is given no files. Example: the user has `{kubernetes: '*.yaml', other: 'a'}` and the workspace
 * nothing ▸ the workspace gets `{kubernetes: []}`.
 */
function silencedSchemas({ ownSchemas, schemasBeneath }: Neighbours): Readonly<Record<string, unknown>> | undefined {
  const own = Object.entries(asObject(ownSchemas)).filter(([key]) => !isKubernetes(key));
  const none = kubernetesKeys(schemasBeneath).map((key) => [key, []] as const);
  return own.length + none.length === 0 ? undefined : Object.fromEntries([...own, ...none]);
}

/** What somebody wrote into settings, where it is an object. */
export function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

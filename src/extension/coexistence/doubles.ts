/** Which other extensions judge Kubernetes manifests, and what has to change for each answer to who should; without VS Code. */

/** Who judges manifests where another extension does so, too. */
export type Coexistence = 'ask' | 'kubepad' | 'others' | 'both';

/** It hands the schemas of Kubernetes to Red Hat's extension for every file with a kind. */
export const KUBERNETES_TOOLS = 'ms-kubernetes-tools.vscode-kubernetes-tools';
export const REDHAT_YAML = 'redhat.vscode-yaml';

export interface Neighbours {
  readonly isInstalled: (id: string) => boolean;
  /** The value of `yaml.schemas`. */
  readonly schemas: unknown;
}

/** What people know the extensions by that judge manifests here; none: there is nothing twice. */
export function doublesOf({ isInstalled, schemas }: Neighbours): readonly string[] {
  if (isInstalled(KUBERNETES_TOOLS)) return ['Kubernetes (Microsoft)', ...(isInstalled(REDHAT_YAML) ? ['YAML (Red Hat)'] : [])];
  return isInstalled(REDHAT_YAML) && kubernetesKeys(schemas).length > 0 ? ['YAML (Red Hat)'] : [];
}

/** Keys of `yaml.schemas` that stand for Kubernetes: its own word, and copies of the schemas on the web. */
export function kubernetesKeys(schemas: unknown): readonly string[] {
  if (typeof schemas !== 'object' || schemas === null) return [];
  return Object.keys(schemas).filter((key) => /^kubernetes$/i.test(key) || /kubernetes-json-schema|\/kubernetes\//i.test(key));
}

export interface SettingChange {
  readonly name: string;
  readonly value: unknown;
}

/** Settings of other extensions that make them silent about manifests. */
export function changesFor(choice: Coexistence, { isInstalled, schemas }: Neighbours): readonly SettingChange[] {
  if (choice !== 'kubepad') return [];
  const keys = kubernetesKeys(schemas);
  const rest = Object.fromEntries(Object.entries((schemas ?? {}) as object).filter(([key]) => !keys.includes(key)));
  return [
    ...(keys.length === 0 ? [] : [{ name: 'yaml.schemas', value: rest }]),
    // There is no switch for these schemas alone.
    ...(isInstalled(KUBERNETES_TOOLS) ? [{ name: 'yaml.validate', value: false }] : []),
  ];
}

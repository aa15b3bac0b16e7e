/**
 * The fields of a kustomization, as data: which there are, which hold paths, which are given up.
 * Counterpart: the Kustomization type of sigs.k8s.io/kustomize/api/types.
 */

/** `true`: anything may stand there. A map: of a list, the fields of its items. */
export type FieldTree = { readonly [name: string]: true | FieldTree };

const GENERATOR_OPTIONS: FieldTree = { labels: true, annotations: true, disableNameSuffixHash: true, immutable: true };
const GENERATOR: FieldTree = {
  name: true,
  namespace: true,
  behavior: true,
  files: true,
  literals: true,
  envs: true,
  env: true,
  options: GENERATOR_OPTIONS,
};
const SELECTOR: FieldTree = {
  group: true,
  version: true,
  kind: true,
  name: true,
  namespace: true,
  labelSelector: true,
  annotationSelector: true,
};
const FIELD_SPEC: FieldTree = { group: true, version: true, kind: true, path: true, create: true };
const FIELD_OPTIONS: FieldTree = { delimiter: true, index: true, encoding: true, create: true };
const SOURCE: FieldTree = { group: true, version: true, kind: true, name: true, namespace: true, fieldPath: true, options: FIELD_OPTIONS };

export const KUSTOMIZATION: FieldTree = {
  apiVersion: true,
  kind: true,
  metadata: true,
  openapi: true,
  namePrefix: true,
  nameSuffix: true,
  namespace: true,
  commonLabels: true,
  commonAnnotations: true,
  labels: { pairs: true, includeSelectors: true, includeTemplates: true, fields: FIELD_SPEC },
  patches: { path: true, patch: true, target: SELECTOR, options: { allowNameChange: true, allowKindChange: true } },
  patchesStrategicMerge: true,
  patchesJson6902: { path: true, patch: true, target: SELECTOR, options: true },
  images: { name: true, newName: true, newTag: true, tagSuffix: true, digest: true },
  imageTags: true,
  replacements: {
    path: true,
    source: SOURCE,
    sourceValue: true,
    targets: { select: SELECTOR, reject: SELECTOR, fieldPaths: true, options: FIELD_OPTIONS },
  },
  replicas: { name: true, count: true },
  vars: true,
  sortOptions: { order: true, legacySortOptions: { orderFirst: true, orderLast: true } },
  resources: true,
  components: true,
  crds: true,
  bases: true,
  configMapGenerator: GENERATOR,
  secretGenerator: { ...GENERATOR, type: true },
  generatorOptions: GENERATOR_OPTIONS,
  helmGlobals: { chartHome: true, configHome: true },
  helmCharts: true,
  helmChartInflationGenerator: true,
  configurations: true,
  generators: true,
  transformers: true,
  validators: true,
  buildMetadata: true,
};

/** Fields that still work, and what stands in their place. */
export const DEPRECATED: Readonly<Record<string, string>> = {
  bases: 'resources',
  commonLabels: 'labels',
  imageTags: 'images',
  patchesJson6902: 'patches',
  patchesStrategicMerge: 'patches',
  vars: 'replacements',
};

/** Cheap tests by name and text that keep files from the worker that are none of its business; the worker judges exactly. */

/** Where the manifests of a workspace may be, as `findFiles` asks for them. */
export const manifestFiles = {
  include: '**/*.{yaml,yml,json}',
  exclude: '{**/node_modules/**,**/.git/**,**/charts/**/templates/**}',
  limit: 2_000,
} as const;

/** Whether the search leaves a path out; of what changes it is asked file by file. */
export function isExcludedPath(path: string): boolean {
  return /\/(?:node_modules|\.git)\/|\/charts\/(?:.*\/)?templates\//.test(path);
}

export function isManifestPath(path: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(path);
}

/** @param inChart the folder's parent holds a Chart.yaml */
export function isSkippedFolder(path: string, inChart: boolean): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'node_modules' || name === '.git') return true;
  return name === 'templates' && (inChart || /\/charts\//.test(path));
}

/** By its name a part of a Helm chart or a kustomization. */
export function isChartPath(path: string): boolean {
  return (
    /\/templates\/.*\.(?:ya?ml|tpl|txt|json)$/i.test(path) ||
    /\/(?:Chart|values(?:[.-][\w.-]+)?|[\w.-]*values)\.ya?ml$|\/values\.schema\.json$|\/kustomization(?:\.ya?ml)?$/i.test(path)
  );
}

/** Somewhere a line gives `apiVersion` or `kind`, in YAML or JSON. */
export function looksLikeManifest(text: string): boolean {
  return /^[\s{\-,]*["']?(?:apiVersion|kind)["']?\s*:/m.test(text) || /"(?:apiVersion|kind)"\s*:/.test(text);
}

/** A line gives the API version of an eksctl ClusterConfig or of a kind configuration. */
export function looksLikeClusterConfig(text: string): boolean {
  return /^[\s{]*["']?apiVersion["']?\s*:\s*["']?(?:eksctl\.io|kind\.x-k8s\.io)\//m.test(text);
}

/** Takes out of an answer what differs from one run to the next, exactly as the corpus' own `run.py` does. */
import { dump, isObject } from './json.ts';

type Bag = Record<string, unknown>;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const RANDOM = /(kube-api-access-)[a-z0-9]{5}\b/g;
const POINTER = /\(?0xc[0-9a-f]{6,}\)?/g;
const NOW = /\b20(2[5-9]|[3-9]\d)-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?\+0000 UTC|Z)?( m=\+[0-9.]+)?/g;
const VOLATILE = ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'selfLink', 'deletionTimestamp'];

/** @param given the text of what was sent; values that stand in it are kept */
export function normaliseText(text: string, given = ''): string {
  return text
    .replaceAll(UUID, (found) => (given.includes(found) ? found : '<uid>'))
    .replaceAll(RANDOM, '$1<rand>')
    .replaceAll(POINTER, '<ptr>')
    .replaceAll(NOW, (found) => (given.includes(found) ? found : '<now>'));
}

export function normalise(object: unknown, manifest: Bag): unknown {
  const copy = structuredClone(object) as Bag;
  const given = dump(manifest);
  const meta = isObject(copy['metadata']) ? copy['metadata'] : {};
  for (const name of VOLATILE) delete meta[name];
  const asked = isObject(manifest['metadata']) ? manifest['metadata'] : {};
  if (!truthy(asked['name']) && truthy(asked['generateName']) && 'name' in meta) meta['name'] = `${String(asked['generateName'])}<rand>`;
  if (copy['kind'] === 'Service' && isObject(copy['spec']))
    hideAllocations(copy['spec'], isObject(manifest['spec']) ? manifest['spec'] : {});
  if (copy['kind'] === 'CertificateSigningRequest' && isObject(copy['spec'])) {
    for (const name of ['username', 'uid', 'groups', 'extra']) delete copy['spec'][name];
  }
  return walk(copy, given);
}

function hideAllocations(spec: Bag, asked: Bag): void {
  const addresses = [asked['clusterIP'], ...listOf(asked['clusterIPs'])];
  const hide = (address: unknown): unknown => (addresses.includes(address) || address === 'None' || address === '' ? address : '<ip>');
  if ('clusterIP' in spec) spec['clusterIP'] = hide(spec['clusterIP']);
  if (Array.isArray(spec['clusterIPs'])) spec['clusterIPs'] = spec['clusterIPs'].map(hide);
  const ports = listOf(asked['ports']).map((port) => (isObject(port) ? port['nodePort'] : undefined));
  for (const port of listOf(spec['ports'])) {
    if (isObject(port) && truthy(port['nodePort']) && !ports.includes(port['nodePort'])) port['nodePort'] = '<port>';
  }
  if (truthy(spec['healthCheckNodePort']) && spec['healthCheckNodePort'] !== asked['healthCheckNodePort'])
    spec['healthCheckNodePort'] = '<port>';
}

function walk(value: unknown, given: string): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, given));
  if (typeof value === 'string') return normaliseText(value, given);
  if (!isObject(value)) return value;
  const result: Bag = {};
  for (const [key, item] of Object.entries(value)) {
    if ((key === 'creationTimestamp' && item === null) || item === undefined) continue;
    result[normaliseText(key, given)] = key === 'lastTransitionTime' && truthy(item) ? '<time>' : walk(item, given);
  }
  return result;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function truthy(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== 0 && value !== false;
}

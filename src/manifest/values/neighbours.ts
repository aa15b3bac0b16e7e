/**
 * What a value means to others: how large an image is and who runs it, which Services lead to a port, and to which Pods.
 * Invariant: pure; asks the index and the cluster for objects of few kinds, and each for a bounded number.
 * Counterpart: none; what `kubectl describe` of several objects says together.
 */
import { fromSet, matches, type Selector } from '../../apimachinery/labels/selector.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { DEFAULT_TAG, parseReference, repositoryName } from '../../api/kubepad/image/reference.ts';
import { found, objectsOf } from '../offers/objects.ts';
import { headOf } from '../recognise.ts';
import { labelsOf } from '../references/facts.ts';
import { hitsOf, textAt, valueAt } from '../references/fieldPattern.ts';
import { POD_TEMPLATES } from '../references/podTemplates.ts';
import type { World } from '../references/world.ts';

export interface NeighbourPlace {
  /** `apps/v1/Deployment` */
  readonly kind: string;
  readonly object: unknown;
  readonly path: Path;
  readonly value: unknown;
}

const MAX_LINES = 10;
const MIB = 2 ** 20;

/** Markdown; empty where nothing is known. */
export function neighbourText(world: World, place: NeighbourPlace): string {
  const { kind, object, path, value } = place;
  const names = path.segments().map(({ segment }) => segment);
  const [list, , field] = names.slice(-3);
  if (field === 'image' && String(list).endsWith('ontainers') && typeof value === 'string') return imageText(world, value);
  if (list === 'ports' && kind === 'v1/Service') return podsOfPort(world, object, found(object, names.slice(0, -1)));
  const template = POD_TEMPLATES[kind];
  if (list === 'ports' && template !== undefined) {
    const labels = labelsOf(valueAt(object, template === '' ? 'metadata.labels' : `${template}.metadata.labels`));
    return servicesOfPort(world, labels, found(object, names.slice(0, -1)), headOf(object)?.namespace ?? '');
  }
  return '';
}

function listed(title: string, lines: readonly string[]): string {
  const all = [...new Set(lines)];
  if (all.length === 0) return '';
  const more = all.length > MAX_LINES ? [`- … ${all.length - MAX_LINES} more`] : [];
  return [title, ...all.slice(0, MAX_LINES).map((line) => `- ${line}`), ...more].join('\n');
}

function imageText(world: World, image: string): string {
  const wanted = canonical(image);
  if (wanted === undefined) return '';
  const nodes = objectsOf(world, 'v1/Node', '').flatMap((node) =>
    hitsOf(node, 'status.images[]')
      .filter(({ value }) => hitsOf(value, 'names[]').some(({ value: name }) => canonical(String(name)) === wanted))
      .map(({ value }) => ({ node: textAt(node, 'metadata.name'), bytes: Number(valueAt(value, 'sizeBytes') ?? 0) })),
  );
  const bytes = nodes[0]?.bytes ?? describedSize(world, wanted);
  const size = bytes === undefined ? '' : `Size: ${(bytes / MIB).toFixed(1)} MiB`;
  const on = nodes.length === 0 ? '' : `, on ${nodes.length === 1 ? `node \`${nodes[0]?.node ?? ''}\`` : `${nodes.length} nodes`}`;
  return [size === '' ? '' : `${size}${on}`, listed('Run by:', runners(world, wanted))].filter((text) => text !== '').join('\n\n');
}

/** The same for `nginx` and `docker.io/library/nginx:latest`. */
function canonical(image: string): string | undefined {
  const reference = parseReference(image);
  if (reference === undefined) return undefined;
  return `${repositoryName(reference)}${reference.digest === undefined ? `:${reference.tag ?? DEFAULT_TAG}` : `@${reference.digest}`}`;
}

/** Of an image that the workspace's registries hold. */
function describedSize(world: World, wanted: string): number | undefined {
  for (const image of objectsOf(world, 'kubepad.dev/v1/Image', '')) {
    const repository = textAt(image, 'spec.repository');
    if (!hitsOf(image, 'spec.tags[]').some(({ value }) => canonical(`${repository}:${String(value)}`) === wanted)) continue;
    return hitsOf(image, 'spec.layers[].size').reduce((sum, { value }) => sum + Number(value), 0);
  }
  return undefined;
}

function runners(world: World, wanted: string): readonly string[] {
  return workloads(world, world.namespace).flatMap(({ title, spec }) =>
    ['containers', 'initContainers'].flatMap((list) =>
      hitsOf(spec, `${list}[]`)
        .filter(({ value }) => canonical(textAt(value, 'image')) === wanted)
        .map(({ value }) => `\`${title}\`, container \`${textAt(value, 'name')}\``),
    ),
  );
}

interface Workload {
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: unknown;
}

/** What makes Pods, of the workspace and the cluster; not what another of them made. */
function workloads(world: World, namespace: string): readonly Workload[] {
  return Object.entries(POD_TEMPLATES).flatMap(([kind, at]) =>
    objectsOf(world, kind, namespace)
      .filter((object) => hitsOf(object, 'metadata.ownerReferences[]').length === 0)
      .map((object) => {
        const template = at === '' ? object : valueAt(object, at);
        const title = `${kind.slice(kind.lastIndexOf('/') + 1)}/${textAt(object, 'metadata.name')}`;
        return { title, labels: labelsOf(valueAt(template, 'metadata.labels')), spec: valueAt(template, 'spec') };
      }),
  );
}

/** Whether a Service's port leads to a container's: by number, by name, or by being the same. */
function leadsTo(servicePort: unknown, containerPort: unknown): boolean {
  const target = valueAt(servicePort, 'targetPort') ?? valueAt(servicePort, 'port');
  const [number, name] = [valueAt(containerPort, 'containerPort'), textAt(containerPort, 'name')];
  return typeof target === 'string' && !/^\d+$/.test(target) ? target === name : String(target) === String(number);
}

function selectorOf(service: unknown): Selector | undefined {
  const selector = fromSet(labelsOf(valueAt(service, 'spec.selector')));
  return selector.length === 0 ? undefined : selector;
}

function servicesOfPort(world: World, labels: Readonly<Record<string, string>>, port: unknown, namespace: string): string {
  const lines = objectsOf(world, 'v1/Service', namespace).flatMap((service) => {
    const selector = selectorOf(service);
    if (selector === undefined || !matches(selector, labels)) return [];
    return hitsOf(service, 'spec.ports[]')
      .filter(({ value }) => leadsTo(value, port))
      .map(({ value }) => `\`Service/${textAt(service, 'metadata.name')}\`, port ${portText(value, 'port')}`);
  });
  return listed('Reached through:', lines);
}

function podsOfPort(world: World, service: unknown, port: unknown): string {
  const selector = selectorOf(service);
  if (selector === undefined) return '';
  const lines = workloads(world, headOf(service)?.namespace ?? '')
    .filter(({ labels }) => matches(selector, labels))
    .flatMap(({ title, spec }) =>
      hitsOf(spec, 'containers[]').flatMap(({ value: container }) =>
        hitsOf(container, 'ports[]')
          .filter(({ value }) => leadsTo(port, value))
          .map(({ value }) => `\`${title}\`, container \`${textAt(container, 'name')}\`, port ${portText(value, 'containerPort')}`),
      ),
    );
  return listed('Leads to:', lines);
}

function portText(port: unknown, field: string): string {
  const name = textAt(port, 'name');
  return `${String(valueAt(port, field) ?? '')}${name === '' ? '' : ` (\`${name}\`)`}`;
}

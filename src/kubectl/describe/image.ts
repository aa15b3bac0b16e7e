import { sizeText } from '../../api/kubepad/image/strategy.ts';
import type { Image, ImageConfig, ImageLayer } from '../../api/kubepad/image/types.ts';
import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { stringify } from 'yaml';
import { indent, label, mapLines, table } from './text.ts';

const COLUMN = 16;

/** An image as `docker inspect` and `docker history` together show it; the contents of its files are not for the screen. */
export function describeImage(object: UnknownObject): readonly string[] {
  const { metadata, spec, status } = object as unknown as Image;
  const put = (name: string, value: string | number | undefined): string => label(name, value ?? '<none>', COLUMN);
  const nodes = status?.nodes ?? [];
  const more = (status?.nodeCount ?? 0) - nodes.length;
  return [
    put('Name', metadata.name ?? ''),
    ...mapLines('Labels', metadata.labels, undefined, COLUMN),
    ...mapLines('Annotations', metadata.annotations, undefined, COLUMN),
    put('CreationTime', metadata.creationTimestamp),
    put('Repository', spec?.repository),
    put('Tags', spec?.tags?.join(', ') || undefined),
    put('Digest', status?.digest),
    put('Size', sizeText(status?.size ?? 0)),
    put('Pushed', spec?.pushed === false ? 'False: only the builder has it' : 'True'),
    ...(spec?.base === undefined ? [] : [put('Base', spec.base)]),
    ...(spec?.source === undefined ? [] : [put('Dockerfile', spec.source.dockerfile)]),
    put('Nodes', nodes.length === 0 ? undefined : `${nodes.join(', ')}${more > 0 ? ` and ${more} more` : ''}`),
    ...configLines(spec?.config ?? {}),
    ...(spec?.program === undefined ? [] : ['Program:', ...indent(yamlLines(spec.program), 2)]),
    ...layerLines(spec?.layers ?? []),
  ];
}

function configLines(config: ImageConfig): readonly string[] {
  const { entrypoint, cmd, env = [], workingDir, ports = [], user, volumes = [], stopSignal, healthcheck, labels } = config;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Entrypoint', entrypoint === undefined ? undefined : JSON.stringify(entrypoint)],
    ['Command', cmd === undefined ? undefined : JSON.stringify(cmd)],
    ['Working Dir', workingDir],
    ['User', user],
    ['Ports', ports.join(', ') || undefined],
    ['Volumes', volumes.join(', ') || undefined],
    ['Stop Signal', stopSignal],
    ['Healthcheck', healthcheck === undefined ? undefined : healthcheck.test.join(' ')],
  ];
  return [
    'Configuration:',
    ...rows.flatMap(([name, text]) => (text === undefined ? [] : [`  ${label(name, text, COLUMN - 2)}`])),
    ...(env.length === 0 ? [] : ['  Environment:', ...env.map(({ name, value = '' }) => `    ${name}=${value}`)]),
    ...(labels === undefined ? [] : ['  Labels:', ...Object.entries(labels).map(([name, value]) => `    ${name}=${value}`)]),
  ];
}

/** The topmost first, as `docker history` has them. */
function layerLines(layers: readonly ImageLayer[]): readonly string[] {
  if (layers.length === 0) return ['Layers:  <none>'];
  const rows = layers
    .toReversed()
    .map(({ digest = '', size, createdBy = '', files = [] }) => [
      digest.slice('sha256:'.length, 'sha256:'.length + 12),
      sizeText(size),
      String(files.length),
      createdBy,
    ]);
  return ['Layers:', ...table([['Layer', 'Size', 'Files', 'Created By'], ['-----', '----', '-----', '----------'], ...rows], 2)];
}

function yamlLines(value: unknown): readonly string[] {
  return stringify(value, { lineWidth: 0 }).trimEnd().split('\n');
}

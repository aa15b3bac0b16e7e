/**
 * A Dockerfile and the images that came of it: what the next build would do, layers with their sizes, registries, who runs them.
 * Invariant: shows what a build would do without doing it; building, pushing and rolling out are commands.
 * Counterpart: docker build, docker history, docker images.
 */
import './build.css';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { BuildModel, BuildQuery, ImageModel, StepModel } from '../../host/panels/build/model.ts';
import { box, facts, link, push, table } from '../panel/boxes.ts';
import { openPanel, type PanelPage } from '../panel/panelPage.ts';
import { ageText, plural } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import type { BuildCommand } from './protocol.ts';

const BAR_WIDTH = 120;
const ID_FROM = 'sha256:'.length;
const ID_LENGTH = 12;

const page: PanelPage<BuildQuery, BuildCommand> = openPanel<BuildQuery, BuildModel, BuildCommand>({
  ticks: false,
  missing: () => html`There is nothing to show.`,
  draw: ({ model, query, now }) => (model.steps === undefined ? html`` : template(model as BuildModel, query, now)),
});

function template(model: BuildModel, query: BuildQuery, now: number): TemplateResult {
  const { title, steps, problem, images, registries, users, holders } = model;
  return html`<div class="title">
      <h1>${title}</h1>
      <span class="dim">${subtitle(query, images)}</span>
    </div>
    ${query.dockerfile === undefined ? nothing : buttons(images)}
    <div class="boxes">
      ${
        query.dockerfile === undefined
          ? nothing
          : box('What a build would do now', html`${problem === undefined ? nothing : problemTemplate(problem)} ${stepsTable(steps)}`, {
              wide: true,
              end: problem === undefined ? sumText(steps) : nothing,
            })
      }
      ${images.length === 0 && query.dockerfile === undefined ? nothing : box('Images', imagesTable(model, query, now), { wide: true })}
      ${model.layers.length === 0 ? nothing : box(layersTitle(model), layersTemplate(model), { wide: true })}
      ${box(
        'Registries',
        table(
          'Registries',
          registries,
          [
            {
              title: 'Registry',
              grows: true,
              cell: ({ registry, kind }) => html`<span class="mono">${registry}</span> <span class="dim">${kind}</span>`,
            },
            { title: 'Repository', grows: true, cell: ({ repository }) => html`<span class="mono">${repository}</span>` },
            { title: 'Pushed', cell: ({ pushed }) => (pushed.length === 0 ? html`<span class="dim">nothing</span>` : pushed.join(', ')) },
            { title: 'Not pushed', cell: ({ local }) => local.join(', ') },
          ],
          { empty: 'No image yet.' },
        ),
      )}
      ${box(
        'Who runs it',
        table(
          'Workloads that run the image',
          users,
          [
            { title: 'Workload', cell: ({ ref }) => link(`${ref.kind} ${ref.name}`, () => page.run({ type: 'describe', ref })) },
            { title: 'Image', grows: true, cell: ({ image }) => html`<span class="mono">${image}</span>` },
            { title: 'State', cell: ({ state }) => state },
          ],
          { empty: 'No workload of the cluster names it.' },
        ),
      )}
      ${
        holders.length === 0
          ? nothing
          : box(
              'Nodes that have it',
              table(
                'Nodes',
                holders,
                [
                  { title: 'Node', cell: ({ key }) => key },
                  { title: 'Images', grows: true, cell: ({ images: names }) => html`<span class="mono">${names.join(', ')}</span>` },
                  { title: 'Size', number: true, cell: ({ sizeBytes }) => megabytes(sizeBytes) },
                ],
                { empty: '' },
              ),
            )
      }
    </div>`;
}

function subtitle({ dockerfile }: BuildQuery, images: readonly ImageModel[]): string {
  if (dockerfile !== undefined) return `${dockerfile.context} · ${images.length === 0 ? 'not built yet' : plural(images.length, 'image')}`;
  return images.length === 0 ? 'an image that was not built here' : plural(images.length, 'image');
}

/** The next thing to do with what was built last stands out. */
function buttons(images: readonly ImageModel[]): TemplateResult {
  const [newest] = images;
  const reference = newest === undefined ? undefined : referenceOf(newest);
  return html`<div class="bar-of-buttons">
    ${push('Build Image', 'package', () => page.run({ type: 'build' }), newest === undefined || newest.pushed)}
    ${
      reference === undefined
        ? nothing
        : newest?.pushed === true
          ? push(`Roll Out ${reference}`, 'rocket', () => page.run({ type: 'rollOut', reference }))
          : push(`Push ${reference}`, 'cloud-upload', () => page.run({ type: 'push', reference }), true)
    }
    ${push('Open Dockerfile', 'go-to-file', () => page.run({ type: 'line', line: 1 }))}
  </div>`;
}

function referenceOf({ repository, tags }: ImageModel): string | undefined {
  const [tag] = tags;
  return tag === undefined ? undefined : `${repository}:${tag}`;
}

function problemTemplate({ message, line }: NonNullable<BuildModel['problem']>): TemplateResult {
  return html`<p class="tone-error">
    ${icon('error', 'error')}
    ${line === undefined ? nothing : html`${link(`Line ${line}`, () => page.run({ type: 'line', line }))}: `}${message}
  </p>`;
}

function sumText(steps: readonly StepModel[]): string {
  const cached = steps.filter((step) => step.cached).length;
  const ms = steps.reduce((sum, { tookMs }) => sum + tookMs, 0);
  const rest = cached === steps.length ? '' : `, ${seconds(ms)} for the rest`;
  return `${cached} of ${plural(steps.length, 'step')} from the cache${rest}`;
}

function stepsTable(steps: readonly StepModel[]): TemplateResult {
  return table(
    'Steps of the next build',
    steps,
    [
      { title: 'Line', number: true, cell: ({ line }) => link(String(line), () => page.run({ type: 'line', line }), `Open line ${line}`) },
      { title: 'Step', grows: true, cell: ({ name }) => html`<span class="mono" title=${name}>${shortName(name)}</span>` },
      {
        title: 'Cache',
        cell: ({ cached, why }) =>
          cached
            ? html`${icon('pass-filled', 'ok')} cached`
            : html`${icon('debug-restart', 'warn')} ${why === '' ? 'anew' : `anew: ${why}`}`,
      },
      { title: 'Takes', number: true, cell: ({ cached, tookMs }) => (cached ? '' : seconds(tookMs)) },
      { title: 'Adds', number: true, cell: ({ sizeBytes }) => megabytes(sizeBytes) },
    ],
    { empty: 'No steps.' },
  );
}

function imagesTable({ images, shown }: BuildModel, query: BuildQuery, now: number): TemplateResult {
  const nodes = ({ nodes: names, nodeCount }: ImageModel): string =>
    nodeCount > names.length ? `${names.join(', ')} and ${nodeCount - names.length} more` : names.join(', ');
  const name = (image: ImageModel): string =>
    image.tags.map((tag) => `${image.repository}:${tag}`).join(', ') || `${image.repository} (no tag)`;
  return table(
    'Images',
    images,
    [
      {
        title: 'Image',
        cell: (image) =>
          image.key === shown
            ? html`<b>${name(image)}</b>`
            : link(name(image), () => page.ask({ ...query, image: image.key }), 'Show its layers'),
      },
      { title: 'Digest', cell: ({ digest }) => html`<span class="mono" title=${digest}>${shortId(digest)}</span>` },
      { title: 'Size', number: true, cell: ({ sizeBytes }) => megabytes(sizeBytes) },
      { title: 'Built', number: true, cell: ({ createdAt }) => `${ageText(now - createdAt)} ago` },
      {
        title: 'Registry',
        cell: ({ pushed }) =>
          pushed ? html`${icon('pass-filled', 'ok')} pushed` : html`${icon('circle-large-outline', 'idle')} not pushed`,
      },
      { title: 'On nodes', grows: true, cell: nodes },
    ],
    { empty: 'None was built from it yet.', rowClass: ({ key }) => (key === shown ? 'own' : '') },
  );
}

function layersTitle({ images, shown, layers }: BuildModel): string {
  const image = images.find(({ key }) => key === shown);
  return `${plural(layers.length, 'layer')} of ${(image === undefined ? undefined : referenceOf(image)) ?? shown}`;
}

function layersTemplate({ layers, base }: BuildModel): TemplateResult {
  const total = Math.max(
    layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    1,
  );
  const bar = (bytes: number): TemplateResult =>
    html`<svg class="share" width=${BAR_WIDTH} height="10" aria-hidden="true">
      <rect class="track" width=${BAR_WIDTH} height="10"></rect>
      ${svg`<rect class="part" width=${(bytes / total) * BAR_WIDTH} height="10"></rect>`}
    </svg>`;
  return html`${table(
    'Layers, the topmost first',
    layers,
    [
      { title: 'Layer', cell: ({ digest }) => html`<span class="mono" title=${digest}>${shortId(digest)}</span>` },
      { title: 'Size', number: true, cell: ({ sizeBytes }) => megabytes(sizeBytes) },
      { title: 'Of all', cell: ({ sizeBytes }) => bar(sizeBytes) },
      { title: 'Shared by', cell: ({ images }) => (images < 2 ? '' : plural(images, 'image')) },
      {
        title: 'Made by',
        grows: true,
        cell: ({ createdBy }) => html`<span class="mono">${createdBy === '' ? 'the base image' : createdBy}</span>`,
      },
    ],
    { empty: '' },
  )}
  ${base === '' ? nothing : facts([['Base', html`<span class="mono">${base}</span>`]])}`;
}

/** A digest in a step's name is long and tells nobody much. */
function shortName(name: string): string {
  return name.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+/, '$1…');
}

function shortId(digest: string): string {
  return digest.slice(ID_FROM, ID_FROM + ID_LENGTH);
}

/** As docker writes sizes. */
function megabytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

import assert from 'node:assert/strict';
import { atValuesToo } from '../../../../src/host/rendering/renderer.ts';
import { chartFindings } from '../../../../src/manifest/rendered/findings.ts';
import { Lines } from '../../../../src/manifest/yaml/lines.ts';
import type { Range } from '../../../../src/manifest/model.ts';
import { judge } from '../check.ts';
import { recorded } from './record.ts';

/** The place, what stands there, the field or message, and what is related. */
const expected = [
  'charts/light/templates/service.yaml:4 {{ .Values.host }}_x | metadata.name | charts/light/values.yaml:3 light',
  'charts/light/templates/service.yaml:7 {{ .Values.level }} | spec.ports[0].port | values.yaml:18 70000',
  'charts/light/templates/service.yaml:7 port | spec.ports[0].targetPort',
  'templates/_helpers.tpl:15 imagePullPolcy | spec.containers[0].imagePullPolcy | templates/pods.yaml:8 {{- include "harbor.container" (dict "name" (lower .name) "root" $) | nindent 4 }}',
  'templates/deployment.yaml:6 labels | metadata.labels',
  'templates/deployment.yaml:9 {{ .Values.replicas }} | spec.replicas | values.yaml:4 -2',
  'templates/deployment.yaml:13 template | spec.template.labels',
  'templates/deployment.yaml:24 {{ .Values.restart | quote }} | spec.template.spec.restartPolicy | values.yaml:5 Sometimes',
  'templates/deployment.yaml:24 {{ .Values.restart | quote }} | spec.template.spec.restartPolicy | values.yaml:5 Sometimes',
  'templates/deployment.yaml:27 {{ $boat.name }} | spec.template.spec.containers[1].name | values.yaml:15 Two',
  'templates/deployment.yaml:31 {{ "Tcp" }} | spec.template.spec.containers[0].ports[0].protocol',
  'templates/deployment.yaml:33 {{- toYaml $.Values.resources | nindent 12 }} | spec.template.spec.containers[0].resources.limits[cpu] | values.yaml:11 -1',
  'templates/service.yaml:7 {{ .Values.service.port }} | spec.ports[0].port | values.yaml:7 800000',
  'templates/service.yaml:7 port | spec.ports[0].targetPort',
  'templates/settings.yaml:6 "{{ `{{ not an action }}` }}" | data[a key]',
];

describe('findings in what a chart renders to', () => {
  it('stand at the template that made them, with the value that was used', async () => {
    const { rendering, chart } = await recorded('harbor');
    const show = (path: string, range: Range): string => {
      const text = chart.text(path) ?? '';
      const lines = new Lines(text);
      return `${path}:${range.start.line + 1} ${text.slice(lines.offset(range.start), lines.offset(range.end))}`;
    };
    const found = chartFindings(rendering, { judge, minor: 36, chart, uriOf: (path) => path });
    const lines = found.map(({ uri, diagnostic: { range, path, related = [] } }) =>
      [show(uri, range), path, ...related.map((place) => show(place.uri, place.range))].join(' | '),
    );
    assert.deepEqual(lines.toSorted(), expected.toSorted());
  });

  it('are told at the value too where that is the whole of what is wrong, not counted twice', async () => {
    const { rendering, chart } = await recorded('harbor');
    const found = chartFindings(rendering, { judge, minor: 36, chart, uriOf: (path) => path });
    const all = atValuesToo(found);
    assert.deepEqual(all.slice(0, found.length), found);
    const hints = all.slice(found.length).map(({ uri, diagnostic: { range, severity, path, related = [] } }) => {
      const text = chart.text(uri) ?? '';
      const lines = new Lines(text);
      const own = text.slice(lines.offset(range.start), lines.offset(range.end));
      return `${uri}: ${own} | ${severity} | ${path} | ${related.map((place) => `${place.uri}:${place.range.start.line + 1}`).join(' ')}`;
    });
    assert.deepEqual(hints.toSorted(), [
      'values.yaml: -1 | hint | spec.template.spec.containers[0].resources.limits[cpu] | templates/deployment.yaml:33',
      'values.yaml: -2 | hint | spec.replicas | templates/deployment.yaml:9',
      'values.yaml: 70000 | hint | spec.ports[0].port | charts/light/templates/service.yaml:7',
      'values.yaml: 800000 | hint | spec.ports[0].port | templates/service.yaml:7',
      'values.yaml: Sometimes | hint | spec.template.spec.restartPolicy | templates/deployment.yaml:24',
      'values.yaml: Sometimes | hint | spec.template.spec.restartPolicy | templates/deployment.yaml:24',
      'values.yaml: Two | hint | spec.template.spec.containers[1].name | templates/deployment.yaml:27',
    ]);
  });

  it('stand at the first line of a template whose marks could not be had', async () => {
    const { rendering, chart } = await recorded('harbor');
    const files = rendering.files.map((file) => ({ ...file, marked: undefined }));
    const found = chartFindings({ ...rendering, files }, { judge, minor: 36, chart, uriOf: (path) => path });
    assert.ok(found.length > 10);
    assert.deepEqual([...new Set(found.map(({ diagnostic }) => diagnostic.range.start.line))], [0]);
  });

  it('are none of a chart that is right', async () => {
    const { rendering, chart } = await recorded('calm');
    assert.deepEqual(chartFindings(rendering, { judge, minor: 36, chart, uriOf: (path) => path }), []);
  });
});

// `kubepad validate --render` with the real helm.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../../scripts/support/process.ts';
import { findBinaries } from './support/binaries.ts';

const binaries = findBinaries();

describe('kubepad validate --render', function () {
  this.timeout(60_000);
  if (binaries === undefined) {
    it('cannot be tried here', () => undefined);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-render-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const validate = (paths: readonly string[], path = `${dirname(binaries.helm)}${delimiter}${process.env['PATH'] ?? ''}`) => {
    const program = join(root, 'src/host/cli/main.ts');
    const args = [program, 'validate', '--render', ...paths];
    return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder, env: { ...process.env, PATH: path } });
  };
  const copyOf = (name: string): string => {
    const to = join(folder, name);
    rmSync(to, { recursive: true, force: true });
    mkdirSync(to);
    cpSync(join(root, 'samples/charts', name), to, { recursive: true });
    return to;
  };
  const change = (file: string, from: string, to: string): void => {
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(from), from);
    writeFileSync(file, text.replace(from, to));
  };

  it('finds nothing in the charts of the samples', () => {
    const { status, stdout } = validate([join(root, 'samples/charts')]);
    assert.equal(status, 0, stdout);
  });

  it('finds nothing in the chart that helm itself begins with', () => {
    assert.equal(spawnSync(binaries.helm, ['create', 'begun'], { cwd: folder }).status, 0);
    const { status, stdout } = validate(['begun']);
    assert.equal(status, 0, stdout);
  });

  it('names the template and the value, also of a chart in a chart', () => {
    copyOf('store');
    change(join(folder, 'store/values.yaml'), 'replicas: 2', 'replicas: -2');
    change(join(folder, 'store/values.yaml'), '64Mi', '64Xi');
    const { status, stdout } = validate(['store']);
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^store\/templates\/store\.yaml:24:13: error: spec\.replicas: Invalid value: -2.*\n {4}store\/values\.yaml:1:11: \.Values\.replicas is set here$/m,
    );
    assert.match(
      stdout,
      /^store\/charts\/cache\/templates\/cache\.yaml:18:30: error: .*\n {4}store\/values\.yaml:5:9: \.Values\.size is set here$/m,
    );
  });

  it('renders with the values for tests as well', () => {
    const chart = copyOf('store');
    mkdirSync(join(chart, 'ci'));
    writeFileSync(join(chart, 'ci/large-values.yaml'), 'replicas: -7\n');
    assert.match(validate(['store']).stdout, /Invalid value: -7: .*\n {4}store\/ci\/large-values\.yaml:1:11: /);
  });

  for (const [what, file, from, to, expected] of [
    [
      'a function that is not there',
      'templates/store.yaml',
      '{{ .Values.replicas }}',
      '{{ nothing }}',
      /^store\/templates\/store\.yaml:24:3: error: function "nothing" not defined$/m,
    ],
    [
      'a value that is not there',
      'templates/store.yaml',
      '{{ .Values.replicas }}',
      '{{ .Values.a.b }}',
      /store\.yaml:24:13: error: nil pointer evaluating interface \{\}\.b$/m,
    ],
    [
      'what the chart asks for',
      'templates/store.yaml',
      '{{ .Values.replicas }}',
      '{{ required "say how many" .Values.n }}',
      /store\.yaml:24:13: information: say how many \(with the chart's own values alone\)$/m,
    ],
    [
      'YAML that cannot be read',
      'templates/store.yaml',
      '  replicas:',
      '   replicas:',
      /^store\/templates\/store\.yaml:2[45]:\d+: error: /m,
    ],
    [
      'values that cannot be read',
      'values.yaml',
      'replicas: 2',
      'replicas: [',
      /^store\/values\.yaml:\d+:\d+: error: cannot load values\.yaml/m,
    ],
    [
      'a chart that is not there',
      'Chart.yaml',
      'name: cache',
      'name: other',
      /^store\/Chart\.yaml:6:1: warning: an error occurred while checking for chart dependencies/m,
    ],
  ] as const)
    it(`tells ${what} at its place`, () => {
      change(join(copyOf('store'), file), from, to);
      const { status, stdout } = validate(['store']);
      assert.equal(status, 1);
      assert.match(stdout, expected);
    });

  it('tells what a schema of values refuses, at the value', () => {
    const chart = copyOf('store');
    writeFileSync(join(chart, 'values.schema.json'), '{"properties": {"replicas": {"type": "string"}}, "required": ["owner"]}');
    const { stdout } = validate(['store']);
    assert.match(stdout, /^store\/values\.yaml:1:11: error: replicas: at '\/replicas': got number, want string$/m);
    assert.match(stdout, /^store\/values\.yaml:1:1: error: at '': missing property 'owner'$/m);
  });

  describe('of kustomizations', () => {
    const write = (files: Readonly<Record<string, string>>): void => {
      rmSync(join(folder, 'k'), { recursive: true, force: true });
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, 'k', path)), { recursive: true });
        writeFileSync(join(folder, 'k', path), text);
      }
    };
    const base = {
      'base/kustomization.yaml': 'resources: [web.yaml]\n',
      'base/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: nginx}]}\n',
    };

    it('finds nothing where nothing is wrong, and takes a patch for no object', () => {
      write({
        ...base,
        'prod/kustomization.yaml': 'resources: [../base]\nnamePrefix: prod-\npatches: [{path: more.yaml}]\n',
        'prod/more.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n',
      });
      const { status, stdout } = validate(['k']);
      assert.equal(status, 0, stdout);
    });

    it('names the patch that made it', () => {
      write({
        ...base,
        'prod/kustomization.yaml': 'resources: [../base]\nnamePrefix: prod-\npatches: [{path: more.yaml}]\n',
        'prod/more.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: -3\n',
      });
      assert.match(
        validate(['k']).stdout,
        /^k\/prod\/more\.yaml:5:13: error: spec\.replicas: Invalid value: -3.*\n {4}k\/base\/web\.yaml:2:7: Deployment prod-web comes from here\n {4}k\/prod\/kustomization\.yaml:1:1: /m,
      );
    });

    it('tells what kustomize refuses', () => {
      write({
        ...base,
        'prod/kustomization.yaml': 'resources: [../base]\npatches: [{path: more.yaml}]\n',
        'prod/more.yaml': 'kind: Deployment\n',
      });
      assert.match(validate(['k']).stdout, /^k\/prod\/\S+:1:1: error: .*more\.yaml/m);
    });

    it('fetches nothing', () => {
      write({ 'kustomization.yaml': 'resources: ["https://127.0.0.1:1/x/y?ref=v1"]\n' });
      const { status, stdout } = validate(['k']);
      assert.equal(status, 0, stdout);
    });
  });

  it('says that it cannot run without helm', () => {
    const { status, stderr } = validate([join(root, 'samples/charts/store')], folder);
    assert.deepEqual([status, stderr], [2, `error: ${join(root, 'samples/charts/store')}: helm was not found\n`]);
  });
});

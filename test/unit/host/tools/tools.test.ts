import assert from 'node:assert/strict';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { TOOLS } from '../../../../src/host/tools/registry.ts';
import { Caller, deployment } from './support.ts';

describe('tools', () => {
  let caller: Caller;
  beforeEach(() => {
    caller = new Caller();
  });

  it('have names and schemas that every client takes', () => {
    for (const { name, description, inputSchema } of TOOLS) {
      assert.match(name, /^[a-z_]{3,40}$/);
      assert.ok(description.length > 40, name);
      assert.equal(inputSchema['additionalProperties'], false, name);
    }
    assert.equal(new Set(TOOLS.map(({ name }) => name)).size, TOOLS.length);
  });

  it('judge a manifest with places, and know what the cluster has', async () => {
    const bad = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: A\nspec:\n  containers: []\n';
    const { data, isError } = await caller.call('validate_manifest', { manifest: bad });
    assert.equal(isError, false);
    assert.equal(data?.['valid'], false);
    const findings = data?.['findings'] as unknown as readonly { line: number; path: string }[];
    assert.deepEqual(
      findings.map(({ line, path }) => `${line} ${path}`),
      ['4 metadata.name', '6 spec.containers'],
    );
    const refers = deployment('web', '          envFrom: [{configMapRef: {name: colours}}]\n');
    assert.match(await caller.text('validate_manifest', { manifest: refers }), /line 13: .*ConfigMap "colours" is neither/);
    await caller.text('apply', { manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: colours}\n' });
    assert.equal(await caller.text('validate_manifest', { manifest: refers }), 'Valid: the API server would take it.');
  });

  it('judge objects of kinds that the cluster or the text itself defines', async () => {
    const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: boats, singular: boat, kind: Boat, listKind: BoatList, shortNames: [bt]}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {sails: {type: integer}}}}}}
`;
    const boat = 'apiVersion: example.com/v1\nkind: Boat\nmetadata: {name: anna}\nspec: {sails: two}\n';
    const text = await caller.text('validate_manifest', { manifest: `${definition}---\n${boat}` });
    assert.match(text, /line 17: error: .*sails/);
    await caller.text('apply', { manifest: definition });
    await caller.text('run_until', { until: 'object', kind: 'crd', name: 'boats.example.com', for: 'condition=Established' });
    assert.match(await caller.text('validate_manifest', { manifest: boat }), /line 4: error: .*sails/);
    await caller.text('apply', { manifest: boat.replace('two', '2') });
    assert.match(await caller.text('get', { kind: 'bt' }), /^NAME +AGE\nanna/);
    assert.match(await caller.text('get', { kind: 'boats.example.com', name: 'anna' }), /sails: 2/);
  });

  it('apply, run and read, in a fork that leaves the main cluster alone', async () => {
    const { data } = await caller.call('fork');
    const cluster = data?.['cluster'];
    assert.equal(await caller.text('apply', { manifest: deployment('web'), cluster }), 'deployment.apps/web created');
    assert.match(await caller.text('get', { kind: 'pods', cluster }), /No resources found|Pending/);
    const ran = await caller.call('run_until', { until: 'stable', cluster });
    assert.equal(ran.data?.['end'], 'done');
    const pods = await caller.text('get', { kind: 'pods', cluster });
    assert.equal(pods.match(/1\/1 +Running/g)?.length, 2);
    assert.match(await caller.text('describe', { kind: 'deploy', name: 'web', cluster }), /2 desired \| 2 updated/);
    assert.match(await caller.text('events', { kind: 'Pod', cluster }), /Normal +Scheduled +Pod\/web-/);
    assert.equal(await caller.text('get', { kind: 'deploy' }), 'No resources found.');
    assert.match(await caller.text('status'), /^main: .*0 Pods, stable\nfork-1: .*2 Pods/);
    await caller.text('discard', { cluster });
    const gone = await caller.call('get', { kind: 'pods', cluster });
    assert.deepEqual([gone.isError, gone.text], [true, 'There is no cluster fork-1; there are: main.']);
  });

  it('say what was refused in the words of the API server, document by document', async () => {
    const manifest = `${deployment('good')}---\napiVersion: v1\nkind: Service\nmetadata: {name: bad}\nspec: {ports: []}\n`;
    const { text, data } = await caller.call('apply', { manifest });
    assert.match(text, /^deployment\.apps\/good created$/m);
    assert.match(text, /^service\/bad rejected: .*spec\.ports: Required value/m);
    assert.equal(data?.['ok'], false);
    assert.equal((await caller.call('apply', { manifest: deployment('dry'), dryRun: true })).data?.['ok'], true);
    assert.equal((await caller.call('get', { kind: 'deploy', name: 'dry' })).text, 'deployments.apps "dry" not found');
  });

  it('foresee what would not run, and change nothing', async () => {
    const { text, data } = await caller.call('forecast', { manifest: deployment('big', '          resources: {requests: {cpu: 100}}\n') });
    assert.equal(data?.['ok'], false);
    assert.match(text, /2 of 2 would stay Pending: Insufficient cpu/);
    assert.equal(await caller.text('get', { kind: 'deploy' }), 'No resources found.');
  });

  it('let a fault happen and end with its object', async () => {
    assert.match(await caller.text('fault', { type: 'NodeDown', node: 'worker-1' }), /^Fault nodedown-\w+ created/);
    const ran = await caller.call('run_until', { until: 'object', kind: 'node', name: 'worker-1', for: 'condition=Ready=Unknown' });
    assert.equal(ran.data?.['end'], 'done');
    assert.match(await caller.text('get', { kind: 'no' }), /worker-1 +NotReady/);
    const { data } = await caller.call('get', { kind: 'fault', output: 'json' });
    const [found] = (data?.['items'] ?? []) as unknown as readonly { kind: string; metadata: { name: string } }[];
    assert.equal(found?.kind, 'Fault');
    await caller.text('delete', { kind: 'fault', name: found?.metadata.name });
    await caller.text('run_until', { until: 'object', kind: 'node', name: 'worker-1', for: 'condition=Ready' });
    const refused = await caller.call('fault', { type: 'NodeDown' });
    assert.equal(refused.isError, true);
    assert.match(refused.text, /spec\.target/);
  });

  it('read what a container has written, or say why there is nothing', async () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app, image: nginx:1.29}]}\n';
    await caller.text('apply', { manifest: pod });
    const early = await caller.call('logs', { pod: 'web' });
    assert.equal(early.isError, true);
    await caller.text('run_until', { until: 'object', kind: 'pod', name: 'web', for: 'jsonpath={.status.phase}=Running' });
    assert.notEqual(await caller.text('logs', { pod: 'web' }), '(nothing written)');
  });

  it('begin anew, and forks go with the cluster that they came of', async () => {
    await caller.text('fork');
    await caller.text('apply', { manifest: deployment('web') });
    await caller.text('reset');
    assert.match(await caller.text('status'), /^main: [^\n]*0 Pods, stable$/);
  });

  it('are strict about input', async () => {
    const rows: readonly (readonly [string, object, string])[] = [
      ['apply', {}, 'Invalid input: manifest: is required.'],
      ['apply', { manifest: 3 }, 'Invalid input: manifest: must be a string.'],
      ['get', { kind: 'pods', watch: true }, 'Invalid input: watch: no such parameter.'],
      ['get', { kind: 'pods', __proto__x: 1 }, 'Invalid input: __proto__x: no such parameter.'],
      ['events', { limit: 0 }, 'Invalid input: limit: must be a whole number from 1 to 500.'],
      ['run_until', { until: 'never' }, 'Invalid input: until: must be one of stable, settled, time, object.'],
      ['run_until', { until: 'time' }, 'duration: is required with until: time.'],
      ['run_until', { until: 'time', duration: 'soon' }, 'duration: soon is no duration such as 30s, 5m or 1h30m.'],
      ['run_until', { until: 'object' }, 'kind, name and for are required with until: object.'],
      ['fault', { type: 'CrashLoop', podLabels: { app: 1 } }, 'Invalid input: podLabels: must be an object of strings.'],
      ['get', { kind: 'boats' }, 'the server doesn\'t have a resource type "boats"'],
      ['get', { kind: 'pods', apiVersion: 'v2' }, 'no matches for kind "pods" in version "v2"'],
      ['discard', { cluster: 'main' }, 'The main cluster cannot be discarded; reset it instead.'],
    ];
    for (const [name, input, text] of rows) {
      const answer = await caller.call(name, input);
      assert.deepEqual([answer.isError, answer.text], [true, text]);
    }
  });

  it('stop running when they are cancelled, where they are', async () => {
    const source = new CancellationTokenSource();
    const running = caller.call('run_until', { until: 'time', duration: '100000h' }, source.token);
    source.cancel();
    const { text, isError } = await running;
    assert.equal(isError, true);
    assert.match(text, /^Cancelled after /);
  });
});

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFiles } from '../../../../src/host/cli/validateShare.ts';

const program = join(import.meta.dirname, '../../../../src/host/cli/main.ts');

describe('kubepad', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-cli-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('serve says where it serves, writes the kubeconfig for the user alone, and ends cleanly', async () => {
    const kubeconfig = join(folder, 'kube/config');
    const child = spawn(process.execPath, [program, 'serve', '--preset', 'empty', '--token', 'T', '--kubeconfig', kubeconfig], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    while (!output.includes('\n')) await once(child.stdout, 'data');
    assert.match(output, /^Kubepad is serving https:\/\/127\.0\.0\.1:\d+\n$/);
    assert(readFileSync(kubeconfig, 'utf8').includes(output.trim().split(' ').at(-1) ?? '?'));
    assert.equal(statSync(kubeconfig).mode & 0o777, 0o600);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 0);
  }).timeout(20_000);

  it('validate finds what the API server would refuse', () => {
    const good = join(folder, 'good.yaml');
    const bad = join(folder, 'bad.yaml');
    writeFileSync(good, 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n');
    writeFileSync(bad, 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: Bad_Name\nspec:\n  containers: []\n');
    const run = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
      spawnSync(process.execPath, [program, 'validate', ...args], { encoding: 'utf8' });
    assert.equal(run(good).status, 0);
    const found = run(bad, '-o', 'json');
    assert.equal(found.status, 1);
    const fields = (JSON.parse(found.stdout) as { path: string; line: number }[]).map(({ path, line }) => `${path}:${line}`);
    assert.deepEqual(fields, ['metadata.name:4', 'spec.containers:6']);
    const sarif = JSON.parse(run(folder, '-o', 'sarif').stdout);
    assert.equal(sarif.runs[0].results.length, 2);
    assert.match(run(folder, '-o', 'junit').stdout, /<testsuite name="kubepad validate" tests="2" failures="1">/);
    const old = join(folder, 'old.yaml');
    writeFileSync(
      old,
      'apiVersion: flowcontrol.apiserver.k8s.io/v1\nkind: FlowSchema\nmetadata: {name: a}\nspec: {priorityLevelConfiguration: {name: exempt}}\n',
    );
    assert.deepEqual([run(old).status, run(old, '--target-version', '1.28').status], [0, 1]);
    assert.match(run(old, '--target-version', 'latest').stderr, /A release is written as 1\.31\./);
    rmSync(old);
    symlinkSync(join(folder, 'nowhere'), join(folder, 'gone.yaml'));
    symlinkSync(folder, join(folder, 'circle.yaml'));
    symlinkSync(good, join(folder, 'link.yaml'));
    assert.match(run(folder, '-o', 'junit').stdout, /tests="3" failures="1"/);
    const missing = run(join(folder, 'missing'));
    assert.deepEqual([missing.status, missing.stderr], [2, `error: ${join(folder, 'missing')}: no such file or directory\n`]);
    const faults = run(join(import.meta.dirname, '../../../../samples/invalid/five-faults.yaml')).stdout;
    assert.deepEqual(
      [...faults.matchAll(/yaml:(\d+):/g)].map(([, line]) => Number(line)),
      [16, 22, 34, 39, 52],
    );
  }).timeout(20_000);

  it('forecast says what would become of manifests, on top of what was there', () => {
    const container = (cpu: string): string => `{containers: [{name: a, image: nginx, resources: {requests: {cpu: ${cpu}}}}]}`;
    const deployment = (name: string, replicas: number): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  replicas: ${replicas}\n  selector: {matchLabels: {a: ${name}}}\n` +
      `  template:\n    metadata: {labels: {a: ${name}}}\n    spec: ${container('"3"')}\n`;
    const [web, other] = [join(folder, 'web.yaml'), join(folder, 'other.yaml')];
    writeFileSync(web, deployment('web', 1));
    writeFileSync(other, deployment('other', 1));
    const run = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
      spawnSync(process.execPath, [program, 'forecast', ...args, '--nodes', '1'], { encoding: 'utf8' });
    const good = run(web);
    assert.equal(good.stderr, '');
    assert.match(
      good.stdout,
      /^deployment\.apps\/web {3}1\/1 ready.*, on worker-1\n\nworker-1: web-\S+\n\n\ds ahead: nothing goes on any more\.\n$/,
    );
    assert.equal(good.status, 0);
    const bad = run(web, '--on', other, '-o', 'json');
    const { documents, findings, end } = JSON.parse(bad.stdout);
    assert.deepEqual([bad.status, documents[0].text, end], [1, '1 of 1 would stay Pending: Insufficient cpu', 'stable']);
    assert.deepEqual(
      [findings[0].file, findings[0].line, findings[0].path],
      [web, 9, 'spec.template.spec.containers[a].resources.requests.cpu'],
    );
    assert.equal(run(join(folder, 'missing')).status, 2);
  }).timeout(30_000);

  it('validate tells rules and what leads nowhere when it is asked to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubepad-rules-'));
    try {
      const file = join(folder, 'a.yaml');
      writeFileSync(
        file,
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  serviceAccountName: robot\n  containers: [{name: a, image: nginx}] # kubepad: ignore\n',
      );
      assert.deepEqual(await checkFiles([file], 1), []);
      const found = (await checkFiles([file], 1, { rules: true })).map(({ diagnostic: { code, severity } }) => `${code} ${severity}`);
      assert.deepEqual(found, ['naked-pod warning', 'missing-reference information']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('validate finds the same in many files, whichever thread looks at them', async () => {
    const many = join(folder, 'many');
    mkdirSync(many);
    const bad = new Set([3, 250, 599]);
    for (let n = 0; n < 600; n++) {
      const name = bad.has(n) ? 'Bad_Name' : `a-${n}`;
      writeFileSync(join(many, `${String(n).padStart(3, '0')}.yaml`), `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`);
    }
    const files = Array.from({ length: 600 }, (_, n) => join(many, `${String(n).padStart(3, '0')}.yaml`));
    for (const threads of [1, 2]) {
      const findings = await checkFiles(files, threads);
      assert.deepEqual(
        findings.map(({ file, diagnostic }) => [file.slice(-8, -5), diagnostic.range.start.line]),
        [...bad].map((n) => [String(n).padStart(3, '0'), 3]),
      );
    }
    await assert.rejects(checkFiles([...files, join(many, 'missing.yaml')], 2), /ENOENT/);
  }).timeout(20_000);
});

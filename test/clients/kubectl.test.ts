// The real kubectl against `kubepad serve`.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findBinaries } from './support/binaries.ts';
import { ClientSession, succeeded, until } from './support/session.ts';

const binaries = findBinaries();

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx:1.27
          env: [{name: COLOR, value: blue}]
          ports: [{containerPort: 80}]
          volumeMounts: [{name: settings, mountPath: /settings}]
      volumes: [{name: settings, configMap: {name: settings}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {greeting: hello}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
`;

describe('kubectl', function () {
  this.timeout(120_000);
  if (binaries === undefined) {
    it('cannot be had here');
    return;
  }
  const session = new ClientSession(binaries);
  const kubectl = async (args: string | readonly string[], input?: string): Promise<string> =>
    succeeded(await session.kubectl(args, input));
  before(() => session.start('--speed', '10'));
  after(() => session.stop());

  it('applies, and waits for a rollout', async () => {
    assert.equal(await kubectl('apply -f -', WEB), 'deployment.apps/web created\nconfigmap/settings created\nservice/web created\n');
    assert.equal(await kubectl('apply -f -', WEB), 'deployment.apps/web unchanged\nconfigmap/settings unchanged\nservice/web unchanged\n');
    assert.match(await kubectl('rollout status deployment/web --timeout=60s'), /deployment "web" successfully rolled out/);
  });

  it('gets tables, wide ones, YAML, JSON and paths', async () => {
    assert.match(await kubectl('get deploy web'), /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 +\d+[sm]/);
    assert.match(await kubectl('get deploy web -o wide'), /CONTAINERS +IMAGES +SELECTOR\n.*web +nginx:1\.27 +app=web/);
    assert.match(await kubectl('get cm settings -o yaml'), /^apiVersion: v1\ndata:\n {2}greeting: hello\nkind: ConfigMap\n/);
    assert.equal((JSON.parse(await kubectl('get svc web -o json')) as { readonly kind: string }).kind, 'Service');
    assert.equal(await kubectl(['get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].status.phase}']), 'Running Running');
  });

  it('scales, rolls on and back', async () => {
    await kubectl('scale deployment web --replicas=3');
    await kubectl('rollout status deployment/web --timeout=60s');
    await kubectl('set image deployment/web web=nginx:1.28');
    await kubectl('rollout status deployment/web --timeout=60s');
    assert.equal(await kubectl('rollout undo deployment/web'), 'deployment.apps/web rolled back\n');
    await kubectl('rollout status deployment/web --timeout=60s');
    assert.equal(await kubectl(['get', 'deploy', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].image}']), 'nginx:1.27');
  });

  it('runs commands in containers', async () => {
    assert.equal(await kubectl(['exec', 'deploy/web', '--', 'cat', '/settings/greeting']), 'hello');
    assert.equal(await kubectl(['exec', 'deploy/web', '--', 'sh', '-c', 'echo $COLOR; ls /settings']), 'blue\ngreeting\n');
    assert.match(await kubectl('exec deploy/web -- env'), /^COLOR=blue$/m);
    assert.equal(await kubectl('exec -i deploy/web -- cat', 'typed'), 'typed');
    assert.equal((await session.kubectl(['exec', 'deploy/web', '--', 'sh', '-c', 'exit 3'])).code, 3);
  });

  it('attaches to a shell that waits for input', async () => {
    const run = session.kubectlInBackground('run box -i --rm --image=busybox -- sh');
    run.stdin.write('echo $HOSTNAME\n');
    assert.match(await until(run, 'box\n'), /^box$/m);
    run.stdin.write('exit\n');
    assert.equal(await new Promise((resolve) => run.on('exit', resolve)), 0);
  });

  it('copies files to containers and back', async () => {
    const pod = await kubectl(['get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[0].metadata.name}']);
    const content = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) & 255));
    writeFileSync(join(session.folder, 'there'), content);
    await kubectl(`cp there ${pod}:/tmp/there`);
    await kubectl(`cp ${pod}:/tmp/there back`);
    assert(readFileSync(join(session.folder, 'back')).equals(content));
  });

  it('shows logs, and follows them', async () => {
    assert.match(await kubectl('logs deploy/web'), /ready for start up/);
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'talks', annotations: { 'kubepad.dev/program.c': 'log one; sleep 20; log two; sleep 5; exit 0' } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'registry.example/talks:1' }] },
    };
    await kubectl('apply -f -', JSON.stringify(pod));
    await kubectl('wait --for=condition=Ready pod/talks --timeout=60s');
    const follow = session.kubectlInBackground('logs -f --timestamps talks');
    assert.match(await until(follow, 'two'), /^\S+Z one\n\S+Z two\n$/);
    assert.equal(await new Promise((resolve) => follow.on('exit', resolve)), 0);
    assert.equal(await kubectl('logs talks --tail=1'), 'two\n');
  });

  it('shows the log of the container before, and ends when asked to follow it', async () => {
    const script = 'echo round $RANDOM; sleep 5; exit 3';
    await kubectl(['run', 'again', '--image=busybox:1.36', '--', 'sh', '-c', script]);
    await kubectl(['wait', '--for=jsonpath={.status.containerStatuses[0].restartCount}=1', 'pod/again', '--timeout=60s']);
    const previous = await kubectl('logs again --previous');
    assert.match(previous, /^round \d+\n$/);
    assert.equal(await kubectl('logs -f --previous again'), previous);
    const before = await session.kubectl('logs deploy/web --previous');
    assert.match(before.err, /previous terminated container "web" in pod "web-[^"]+" not found/);
    await kubectl('delete pod again --now');
  });

  it('shows what nodes and Pods use', async () => {
    // Metrics are there a round of scraping after the Pods.
    while (!(await session.kubectl('top pods -l app=web')).out.includes('web-')) await setTimeout(200);
    assert.match(
      await kubectl('top nodes'),
      /^NAME +CPU\(cores\) +CPU\(%\) +MEMORY\(bytes\) +MEMORY\(%\) *\n.*worker-1 +\d+m +\d+% +\d+Mi +\d+%/s,
    );
    assert.match(
      await kubectl('top pods -l app=web --containers'),
      /^POD +NAME +CPU\(cores\) +MEMORY\(bytes\) *\nweb-\S+ +web +\d+m +\d+Mi/,
    );
  });

  it('forwards ports', async () => {
    const forward = session.kubectlInBackground('port-forward svc/web :80');
    try {
      const port = Number(/127\.0\.0\.1:(\d+)/.exec(await until(forward, /Forwarding from 127/))?.[1]);
      const body = await new Promise<string>((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port, path: '/', agent: false }, (answer) => {
          let text = '';
          answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
          answer.on('end', () => resolve(text));
        });
        asked.on('error', reject);
        asked.end();
      });
      assert.match(body, /Welcome to nginx!/);
    } finally {
      forward.kill();
    }
  });

  it('watches', async () => {
    const watch = session.kubectlInBackground('get configmaps -w --no-headers');
    try {
      await until(watch, 'settings');
      const seen = until(watch, 'later');
      await kubectl('create configmap later');
      await seen;
    } finally {
      watch.kill();
    }
  });

  it('describes and explains every kind', async () => {
    const rows = (await kubectl('api-resources --verbs=list --no-headers'))
      .trim()
      .split('\n')
      .map((row) => row.split(/ +/));
    assert(rows.length > 50);
    for (const row of rows) {
      const [name = ''] = row;
      const version = row.at(-3) ?? '';
      const group = version.includes('/') ? `.${version.split('/')[0] ?? ''}` : '';
      const described = await session.kubectl(`describe ${name}${group} -A`);
      assert.equal(described.code, 0, `describe ${name}: ${described.err}`);
      const explained = await session.kubectl(`explain ${name} --api-version=${version} --recursive`);
      assert.equal(explained.code, 0, `explain ${name}: ${explained.err}`);
      assert.match(explained.out, /FIELDS:/, name);
    }
  });

  it('applies three hundred objects, and deletes them', async () => {
    const objects = Array.from(
      { length: 300 },
      (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: many-${index}, labels: {many: "yes"}}\n`,
    );
    const created = await kubectl('apply -f -', objects.join('---\n'));
    assert.equal(created.match(/ created$/gm)?.length, 300);
    assert.equal((await kubectl('get cm -l many=yes --no-headers')).trim().split('\n').length, 300);
    assert.equal((await kubectl('delete cm -l many=yes --wait=false')).match(/ deleted/g)?.length, 300);
  });

  it('asks who it is and what it may do', async () => {
    await kubectl('create serviceaccount robot');
    const token = (await kubectl('create token robot')).trim();
    assert.match(await kubectl(['auth', 'whoami', '--token', token]), /system:serviceaccount:default:robot/);
    assert.match((await session.kubectl(['get', 'pods', '--token', token])).err, /^Error from server \(Forbidden\): pods is forbidden/);
    await kubectl('create rolebinding robot --clusterrole=view --serviceaccount=default:robot');
    assert.match(await kubectl(['get', 'pods', '--no-headers', '--token', token]), /^web-/m);
  });
});

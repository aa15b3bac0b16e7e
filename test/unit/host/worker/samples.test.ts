import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { Editor } from '../../../../src/host/worker/editor.ts';
import { Admissions } from '../../../../src/host/worker/admission/admissions.ts';
import { createApiJudge } from '../../../../src/manifest/apiJudge.ts';
import { chartFindings, chartHints } from '../../../../src/manifest/rendered/findings.ts';
import { RenderedObjects } from '../../../../src/manifest/rendered/hints.ts';
import { recorded } from '../../manifest/rendered/record.ts';

const ROOT = resolve(import.meta.dirname, '../../../../samples');
/** What is there to be found fault with. */
const FAULTY = /^invalid\//;

const files = globSync('**/*.{yaml,yml,json}', { cwd: ROOT })
  .filter((path) => !FAULTY.test(path) && !path.endsWith('package.json'))
  .toSorted()
  .map((path) => ({ path, uri: pathToFileURL(join(ROOT, path)).href, text: readFileSync(join(ROOT, path), 'utf8') }));

/** The editor beside a new cluster, as a person has it who opens the samples. */
function open() {
  const cluster = Cluster.create({
    name: 'default',
    seed: 'samples',
    startTime: Date.UTC(2026, 0, 2),
    defaultStorageClass: 'standard',
    ingressClass: 'nginx',
    preset: 'default',
  });
  cluster.simulation.runUntil('settled', 120_000);
  const editor = new Editor({
    judge: createApiJudge(),
    extensionPath: resolve(ROOT, '..'),
    store: () => cluster.api.store,
    resourceOf: (version, kind) => cluster.api.catalog.strategyForKind(version, kind)?.resource,
    now: () => cluster.simulation.now(),
    hintsChanged: () => undefined,
  });
  editor.references.attach();
  editor.found(files);
  return { cluster, editor };
}

/** What the samples leave out on purpose, by rule; files only where it is a few. */
const KEPT: Readonly<Record<string, { readonly why: string; readonly files?: readonly string[] }>> = {
  'cpu-limit': { why: 'requests and limits are what a few samples are about; in the others they would be noise' },
  'cpu-request': { why: 'as above' },
  'memory-limit': { why: 'as above' },
  'memory-request': { why: 'as above' },
  'image-digest': { why: 'tags can be read' },
  'readiness-probe': { why: 'a sample has probes where it is about readiness' },
  'liveness-probe': { why: 'a sample has probes where it is about health' },
  'rolling-update-readiness': { why: 'as above' },
  'run-as-non-root': { why: 'a security context takes more lines than what most samples show' },
  'privilege-escalation': { why: 'as above' },
  'read-only-root': { why: 'as above' },
  'drop-capabilities': { why: 'as above' },
  'seccomp-profile': { why: 'as above' },
  'service-account-token': { why: 'as above' },
  'standard-labels': { why: 'one label, app, makes it plain who selects whom' },
  'disruption-budget': { why: 'budgets are what the samples of drains are about' },
  spread: { why: 'where Pods go is what the samples of placement are about' },
  'naked-pod': {
    why: 'what a Pod does by itself is the subject',
    files: [
      'bare-pod-and-deployment/pod.yaml',
      'configuration/1-pod.yaml',
      'crash-loop/pod.yaml',
      'fits-nowhere/pod.yaml',
      'life-of-a-pod/pods.yaml',
      'lost-node/1-work.yaml',
      'memory/pods.yaml',
      'placement/placement.yaml',
      'policy/3-breaks-them.yaml',
      'priority/2-urgent.yaml',
      'shared-pod/pod.yaml',
      'storage/pod.yaml',
    ],
  },
  'job-clean-up': {
    why: 'a finished Job shall be seen; the hooks stay until the next release',
    files: ['charts/lamp-operator/templates/hooks.yaml', 'gpu/2-training.yaml', 'jobs/jobs.yaml'],
  },
  'single-replica': {
    why: 'it begins with one, or is a store that cannot be copied',
    files: [
      'autoscaler/shop.yaml',
      'charts/lamp-operator/templates/operator.yaml',
      'charts/store/charts/cache/templates/cache.yaml',
      'shop/db.yaml',
    ],
  },
  'secret-in-env': { why: 'the database refuses to start without one', files: ['lost-node/1-work.yaml', 'stateful/db.yaml'] },
  'ingress-tls': { why: 'it shows hosts and paths', files: ['services/ingress.yaml'] },
  'node-port': { why: 'it shows a node port', files: ['services/services.yaml'] },
  privileged: { why: 'it breaks the rules of the policy beside it', files: ['policy/3-breaks-them.yaml'] },
};

const RULES_ON = { '*': 'default' };

/** Rule and file of what is found with all rules on, in files as they stand and in what charts render to. */
async function ruleFindings(): Promise<readonly (readonly [rule: string, file: string])[]> {
  const { editor } = open();
  const settings = { namespace: 'default', warnings: true, references: true, rules: RULES_ON };
  const ofFiles = editor.validate(files, settings).map(({ diagnostics }, index) => [files[index]?.path ?? '', diagnostics] as const);
  const hints = { settings: { references: true, rules: RULES_ON }, world: editor.references.world('default'), isPatch: () => false };
  const ofCharts = [];
  for (const name of CHARTS) {
    const { rendering, chart } = await recorded(name, join(ROOT, 'charts', name));
    const context = { minor: 36, chart, uriOf: (path: string) => `charts/${name}/${path}` };
    const found = [
      ...chartFindings(rendering, { ...context, judge: createApiJudge() }),
      ...chartHints(rendering, context, new RenderedObjects(rendering.files, []), hints),
    ];
    ofCharts.push(...found.map(({ uri, diagnostic }) => [uri, [diagnostic]] as const));
  }
  return [...ofFiles, ...ofCharts].flatMap(([path, diagnostics]) => diagnostics.map(({ code }) => [code, path] as const));
}

const CHARTS = readdirSync(join(ROOT, 'charts'), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));

describe('the samples', () => {
  it('have no finding with all rules on but those that they leave out for a reason', async () => {
    const found = await ruleFindings();
    assert.deepEqual([...new Set(found.map(([rule]) => rule))].toSorted(), Object.keys(KEPT).toSorted());
    for (const [rule, { files: kept }] of Object.entries(KEPT)) {
      const own = [...new Set(found.flatMap(([each, path]) => (each === rule ? path : [])))].toSorted();
      if (kept !== undefined) assert.deepEqual(own, kept, rule);
    }
  });

  it('have no finding that the real API server would not have, and no name that leads nowhere', () => {
    const { editor } = open();
    const settings = { namespace: 'default', warnings: true, references: true };
    const found = editor
      .validate(files, settings)
      .flatMap(({ uri, diagnostics }) => diagnostics.map(({ range, message }) => `${uri}:${range.start.line + 1} ${message}`));
    assert.deepEqual(found, []);
    assert.ok(files.length > 40, `only ${files.length} files`);
  });

  it('would be taken by a new cluster, each file by itself', async () => {
    const { cluster, editor } = open();
    const admissions = new Admissions({
      cluster: () => cluster,
      entriesOf: (uri) => editor.entriesToApply(uri),
      isWritten: (kind, name) => editor.references.isWritten(kind, name),
      isSaid: () => false,
      changed: () => undefined,
    });
    const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
    const found: string[] = [];
    let tried = 0;
    for (const { path, uri, text } of files) {
      editor.change({ uri, version: 1, text });
      const answer = await admissions.ask({ uri, namespace: 'default', warnings: true }, token);
      tried += answer?.tried ?? 0;
      for (const { range, message } of answer?.diagnostics ?? []) found.push(`${path}:${range.start.line + 1} ${message}`);
    }
    assert.deepEqual(found, []);
    assert.ok(tried > 60, `only ${tried} documents were tried`);
  });
});

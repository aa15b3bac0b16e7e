import assert from 'node:assert/strict';
import { DEPLOYMENTS, PODS } from '../../../../../src/api/schema/resources.ts';
import { objectSource } from '../../../../../src/host/panels/object/source.ts';
import { containerSource } from '../../../../../src/host/panels/container/source.ts';
import type { ContainerModel } from '../../../../../src/host/panels/container/model.ts';
import type { ObjectModel, ObjectQuery, ObjectTab } from '../../../../../src/host/panels/object/model.ts';
import { Session } from '../../../../../src/host/worker/session.ts';
import { Lenses } from '../../../../../src/host/worker/lenses.ts';
import { momentText, pastLogs, refusedInPast, shownDescription, shownYaml } from '../../../../../src/host/worker/timeline/pastObjects.ts';
import { Documents } from '../../../../../src/manifest/documents.ts';
import { createApiJudge } from '../../../../../src/manifest/apiJudge.ts';
import { webDeployment } from '../../../cluster/support.ts';
import { newCluster, START } from '../../panels/timeline/support.ts';

const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const TALKER = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'talker' };

/** A cluster in which a Deployment grew from two to four, and a Pod that says the time every second and writes it into a file. */
function livedSession(): { readonly session: Session; readonly early: number } {
  const cluster = newCluster();
  const session = new Session({
    shown: cluster,
    cluster: cluster.options,
    dataFile: undefined,
    onView: () => undefined,
    onClock: () => undefined,
    onAdvance: () => undefined,
    log: () => undefined,
  });
  const admin = cluster.admin();
  admin.create(DEPLOYMENTS, webDeployment(2));
  // The ServiceAccount that Pods run as is made first.
  cluster.simulation.advance(START + 1_000);
  admin.create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'talker', namespace: 'default' },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'busybox:1.37',
          command: ['sh', '-c', 'i=0; while true; do i=$((i+1)); echo line $i; echo $i > /tmp/count; sleep 1; done'],
        },
      ],
    },
  });
  cluster.simulation.advance(START + 30_000);
  session.past.tick();
  const early = session.past.last;
  cluster.simulation.advance(START + 40_000);
  admin.modify(DEPLOYMENTS, 'default', 'web', (copy) => void (copy.spec!.replicas = 4));
  cluster.simulation.advance(START + 70_000);
  return { session, early };
}

describe('while the past is shown', () => {
  let session: Session;
  let early: number;
  before(() => ({ session, early } = livedSession()));
  beforeEach(() => session.show(early));
  after(() => session.dispose());

  const picture = (tab: ObjectTab, ref = WEB): ObjectModel => {
    const query: ObjectQuery = { surface: 'object', ref, tab, field: undefined, revision: undefined };
    return objectSource(
      () => session.looked,
      () => undefined,
    ).picture(query) as ObjectModel;
  };

  it('YAML is that of then, and says so in its first line', async () => {
    const answer = await shownYaml(session, WEB);
    assert.ok(answer.ok);
    assert.match(answer.value, /^# The past, as of day 1, 00:00:\d\d, revision \d+\. Read-only\.\napiVersion/);
    assert.match(answer.value, /replicas: 2/);
    session.show(undefined);
    const now = await shownYaml(session, WEB);
    assert.ok(now.ok && now.value.startsWith('apiVersion') && now.value.includes('replicas: 4'));
  });

  it('a description is that of then, with the events and the ages of then', async () => {
    const answer = await shownDescription(session, WEB);
    assert.ok(answer.ok);
    assert.match(answer.value, /^The past, as of day 1, .*\n\nName: +web/);
    assert.match(answer.value, /Replicas: +2 desired/);
    assert.match(answer.value, /ScalingReplicaSet.*from 0 to 2/);
    assert.doesNotMatch(answer.value, /from 2 to 4/);
  });

  it('the panel of an object has its state, history, family and schedule of then', () => {
    const { head, fields = [] } = picture('state');
    assert.equal(head.status.split(',')[0], '2/2 ready');
    assert.ok(fields.some(({ key, text }) => key === 'spec.replicas' && text === '2'));
    assert.equal(picture('family').family?.filter(({ ref }) => ref.kind === 'Pod').length, 2);
    assert.ok(picture('why').states?.every(({ key }) => Number(key) <= early));
    const [pod] = session.looked.api.store.list('pods');
    const { attempts = [] } = picture('scheduling', { ...TALKER, name: pod?.metadata.name ?? '' });
    assert.equal(attempts.length, 1);
    session.show(undefined);
    assert.equal(picture('state').head.status.split(',')[0], '4/4 ready');
  });

  it('containers show the files and logs of then', () => {
    const open = (): ContainerModel =>
      containerSource(() => session.inside ?? session.cluster).picture({
        surface: 'container',
        ref: TALKER,
        container: undefined,
        tab: 'logs',
        open: [],
        previous: false,
      }) as ContainerModel;
    assert.equal(session.clock().past?.inside, true);
    const then = open().log ?? [];
    session.show(undefined);
    const now = open().log ?? [];
    assert.ok(then.length > 10 && then.length < now.length - 30, `${then.length} and ${now.length} lines`);
    assert.deepEqual(now.slice(0, then.length), then);
  });

  it('a log ends with the moment, and one of a container that was not there says so', () => {
    const answer = pastLogs(session, { ref: TALKER, container: undefined, previous: false, tailLines: 3, follow: undefined });
    assert.ok(answer.ok);
    assert.match(answer.value, /^# The past, .*\n(\S+ line \d+\n){3}$/);
    const before = pastLogs(session, { ref: TALKER, container: undefined, previous: true, tailLines: undefined, follow: undefined });
    assert.ok(!before.ok);
    session.show(session.past.first);
    const none = pastLogs(session, { ref: TALKER, container: undefined, previous: false, tailLines: undefined, follow: undefined });
    assert.match(none.ok ? '' : (none.status.message ?? ''), /no log/);
  });

  it('what stands above a document is of then', () => {
    const documents = new Documents(createApiJudge());
    documents.change('file:///web.yaml', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n');
    const lenses = new Lenses({
      documents,
      store: () => session.cluster.api.store,
      looked: () => ({ store: session.looked.api.store, past: momentText(session) }),
      resourceOf: (apiVersion, kind) => session.cluster.api.catalog.strategyForKind(apiVersion, kind)?.resource,
      changed: () => undefined,
    });
    assert.match(lenses.ask('file:///web.yaml', 'default')[0]?.state ?? '', /^as of day 1, 00:00:\d\d: 2\/2 ready/);
    session.show(undefined);
    assert.match(lenses.ask('file:///web.yaml', 'default')[0]?.state ?? '', /^4\/4 ready/);
    lenses.close('file:///web.yaml');
  });

  it('nothing is changed by way of the views', () => {
    assert.match(refusedInPast(session)?.status.message ?? '', /the past is shown/);
    session.show(undefined);
    assert.equal(refusedInPast(session), undefined);
  });
});

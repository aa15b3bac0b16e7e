import assert from 'node:assert/strict';
import { errorText } from '../../../../../src/apimachinery/field/error.ts';
import type { Draft } from '../../../../../src/base/json.ts';
import { prepareEphemeralContainersUpdate, validateEphemeralContainersUpdate } from '../../../../../src/api/core/pod/ephemeral.ts';
import { prepareResize, validateResize } from '../../../../../src/api/core/pod/resize.ts';
import { validatePodStatusUpdate } from '../../../../../src/api/core/pod/status.ts';
import { validatePodUpdate } from '../../../../../src/api/core/pod/update.ts';
import type { Pod, PodSpec } from '../../../../../src/api/schema/types/core/v1.ts';
import { makePod, withContainer, type Fields } from './support.ts';

const HEAD = 'spec: Forbidden: pod updates may not change fields other than ';

function update(old: Draft<Pod>, change: (spec: Draft<PodSpec>) => void): readonly string[] {
  const pod = structuredClone(old);
  assert.ok(pod.spec);
  change(pod.spec);
  return validatePodUpdate(pod, old).map(errorText);
}

describe('update of a Pod', () => {
  it('lets images, tolerations and an earlier deadline through', () => {
    const old = makePod({ activeDeadlineSeconds: 100 });
    const errors = update(old, (spec) => {
      for (const container of spec.containers) container.image = 'app:2';
      spec.tolerations = [{ key: 'a', operator: 'Exists' }];
      spec.activeDeadlineSeconds = 50;
    });
    assert.deepEqual(errors, []);
  });
  it('shows what else was changed', () => {
    const [error = '', ...rest] = update(makePod(), (spec) => (spec.restartPolicy = 'Never'));
    assert.deepEqual(rest, []);
    assert.ok(error.startsWith(HEAD));
    const diff = error.slice(error.indexOf('@@'));
    assert.equal(
      diff,
      [
        '@@ -35,7 +35,7 @@',
        '   }',
        '  ],',
        '  "EphemeralContainers": null,',
        '- "RestartPolicy": "Always",',
        '+ "RestartPolicy": "Never",',
        '  "TerminationGracePeriodSeconds": 30,',
        '  "ActiveDeadlineSeconds": null,',
        '  "DNSPolicy": "ClusterFirst",',
        '',
      ].join('\n'),
    );
  });
  it('keeps the number of containers', () => {
    assert.deepEqual(
      update(makePod(), (spec) =>
        spec.containers.push({ name: 'b', image: 'b', imagePullPolicy: 'Always', terminationMessagePolicy: 'File' }),
      ),
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    );
  });
  it('keeps tolerations but for their seconds', () => {
    const old = makePod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }] });
    assert.deepEqual(
      update(old, (spec) => spec.tolerations?.forEach((one) => (one.tolerationSeconds = 9))),
      [],
    );
    assert.deepEqual(
      update(old, (spec) => (spec.tolerations = [])),
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    );
  });
  it('takes gates away and narrows a gated Pod', () => {
    const old = makePod({ schedulingGates: [{ name: 'g' }], nodeSelector: { a: 'b' } });
    assert.deepEqual(
      update(old, (spec) => delete spec.schedulingGates),
      [],
    );
    assert.deepEqual(
      update(old, (spec) => (spec.nodeSelector = { a: 'b', c: 'd' })),
      [],
    );
    assert.deepEqual(
      update(old, (spec) => (spec.nodeSelector = { a: 'c' })),
      ['spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)'],
    );
    assert.deepEqual(
      update(old, (spec) => (spec.schedulingGates = [{ name: 'h' }])),
      ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'h'"],
    );
  });
  it('keeps what an older rule let in', () => {
    const cost = 'controller.kubernetes.io/pod-deletion-cost';
    const old = makePod({}, { annotations: { [cost]: 'many' } });
    assert.deepEqual(
      update(old, (spec) => (spec.tolerations = [{ operator: 'Exists' }])),
      [],
    );
    const fresh = makePod();
    const pod = { ...structuredClone(fresh), metadata: old.metadata };
    const text = `metadata.annotations[${cost}]: Invalid value: "many": must be a 32bit integer`;
    assert.deepEqual([...new Set(validatePodUpdate(pod, fresh).map(errorText))], [text]);
  });
});

describe('subresources of a Pod', () => {
  it('adds ephemeral containers and nothing else', () => {
    const old = makePod();
    const sent = makePod({ hostname: 'x', ephemeralContainers: [{ name: 'dbg', image: 'x', ports: [{ containerPort: 1 }] }] });
    prepareEphemeralContainersUpdate(sent, old);
    assert.equal(sent.spec?.hostname, undefined);
    assert.deepEqual(validateEphemeralContainersUpdate(sent, old).map(errorText), [
      'spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container',
    ]);
  });
  it('resizes within the class of service', () => {
    const old = withContainer({ resources: { requests: { cpu: '1' }, limits: { cpu: '2' } } });
    const resized = (resources: Fields): readonly string[] => {
      const pod = withContainer({ image: 'other', resources });
      prepareResize(pod, old);
      return validateResize(pod, old).map(errorText);
    };
    assert.deepEqual(resized({ requests: { cpu: '1500m' }, limits: { cpu: '2' } }), []);
    assert.deepEqual(resized({ limits: { cpu: '2' } }), []);
    assert.deepEqual(resized({ requests: { cpu: '1' } }), [
      'spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed',
    ]);
  });
  it('does not let the status undo the end of a container', () => {
    const old = makePod({ restartPolicy: 'Never' });
    const base = { name: 'main', image: 'a', imageID: '', ready: false, restartCount: 0 };
    old.status = { phase: 'Failed', qosClass: 'BestEffort', containerStatuses: [{ ...base, state: { terminated: { exitCode: 1 } } }] };
    const pod = structuredClone(old);
    pod.status = { ...old.status, qosClass: 'Burstable', containerStatuses: [{ ...base, state: { running: {} } }] };
    assert.deepEqual(validatePodStatusUpdate(pod, old).map(errorText), [
      'status.qosClass: Invalid value: "Burstable": field is immutable',
      'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
    ]);
  });
});

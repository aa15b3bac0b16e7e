import assert from 'node:assert/strict';
import { FAULT_STRATEGY } from '../../../src/api/kubepad/fault/strategy.ts';
import { DURATIONS, faultChoices, generateName, type Aim } from '../../../src/extension/cluster/faultChoices.ts';

const aims: readonly Aim[] = [
  { kind: 'Node', namespace: '', name: 'worker-1', zone: 'zone-a' },
  { kind: 'Pod', namespace: 'default', name: 'web' },
  { kind: 'Namespace', namespace: '', name: 'shop' },
  { kind: 'Deployment', namespace: 'default', name: 'web', selector: { matchLabels: { app: 'web' } } },
  { kind: 'Component', namespace: '', name: 'kube-scheduler' },
];

describe('the choices of Fault…', () => {
  for (const aim of aims) {
    it(`are what the API server takes, for a ${aim.kind}`, () => {
      const choices = faultChoices(aim);
      assert.ok(choices.length > 0);
      for (const { spec, label } of choices)
        for (const { duration } of DURATIONS) {
          const whole = { ...spec, ...(duration === undefined ? {} : { duration }) };
          assert.deepEqual(FAULT_STRATEGY.validate({ metadata: { name: 'f' }, spec: whole }), [], label);
        }
    });
  }

  it('are named after what they do and where', () => {
    assert.equal(generateName({ type: 'CrashLoop' }, 'web'), 'crash-loop-web-');
    assert.equal(generateName({ type: 'NodeDown' }, 'worker-1'), 'node-down-worker-1-');
  });
});

import assert from 'node:assert/strict';
import { FAULT_STRATEGY } from '../../../src/api/kubepad/fault/strategy.ts';
import { DURATIONS, faultChoices, generateName, type Aim } from '../../../src/extension/cluster/faultChoices.ts';

const aims: readonly Aim[] = [
  { kind: 'Node', namespace: '', name: 'worker-1', zone: 'zone-a' },
  { kind: 'Pod', namespace: 'default', name: 'web' },
  { kind: 'Namespace', namespace: '', name: 'shop' },
  { kind: 'Deployment', namespace: 'default', name: 'web', selector: { matchLabels: { app: 'web' } } },
  { kind: 'Component', namespace: '', name: 'kube-scheduler' },
  { kind: 'Zone', namespace: '', name: 'zone-a' },
  { kind: 'Pod', namespace: 'default', name: 'web', container: 'app', images: ['nginx:1.27', 'busybox'] },
  { kind: 'Pod', namespace: 'kube-system', name: 'kube-scheduler-control-plane', component: 'kube-scheduler' },
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

  it('aim at the container, its images and the part of the cluster that it runs', () => {
    const of = (label: string, aim: Partial<Aim>) =>
      faultChoices({ kind: 'Pod', namespace: 'default', name: 'web', ...aim }).find((each) => each.label === label)?.spec.target;
    assert.deepEqual(of('Crash Loop', { container: 'app' }), { pods: { namespace: 'default', name: 'web', container: 'app' } });
    assert.deepEqual(of('Lose nginx:1.27', { images: ['nginx:1.27'] }), { image: 'nginx:1.27' });
    assert.deepEqual(of('Stop coredns', { component: 'coredns' }), { component: 'coredns' });
    assert.deepEqual(of('Zone b Down', { kind: 'Zone', name: 'b' }), { zone: 'b' });
  });

  it('are named after what they do and where', () => {
    assert.equal(generateName({ type: 'CrashLoop' }, 'web'), 'crash-loop-web-');
    assert.equal(generateName({ type: 'NodeDown' }, 'worker-1'), 'node-down-worker-1-');
  });
});

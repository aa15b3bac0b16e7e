import assert from 'node:assert/strict';
import { allocatableBy, kubeletSettings, type KubeletConfiguration } from '../../../../src/api/kubepad/nodepool/kubeletConfiguration.ts';
import { NODEPOOL_STRATEGY } from '../../../../src/api/kubepad/nodepool/strategy.ts';
import { machine } from '../../../../src/cloud/nodepool/machine.ts';

describe('validation of a kubelet’s configuration', () => {
  const cases: readonly (readonly [KubeletConfiguration, readonly string[]])[] = [
    [{}, []],
    [
      {
        maxPods: 30,
        systemReserved: { cpu: '100m', memory: '200Mi' },
        evictionHard: { 'memory.available': '5%', 'nodefs.available': '1Gi' },
        evictionSoft: { 'memory.available': '1Gi' },
        evictionSoftGracePeriod: { 'memory.available': '90s' },
        evictionPressureTransitionPeriod: '0',
        imageGCHighThresholdPercent: 70,
        imageGCLowThresholdPercent: 60,
      },
      [],
    ],
    [{ maxPods: -1, evictionMaxPodGracePeriod: -1 }, ['maxPods', 'evictionMaxPodGracePeriod']],
    [{ kubeReserved: { gpu: '1', cpu: 'lots', memory: '-1' } }, ['kubeReserved[gpu]', 'kubeReserved[cpu]', 'kubeReserved[memory]']],
    [
      { evictionHard: { 'memory.free': '1Gi', 'memory.available': '101%', 'nodefs.available': '-1', 'imagefs.available': 'x%' } },
      ['evictionHard[memory.free]', 'evictionHard[memory.available]', 'evictionHard[nodefs.available]', 'evictionHard[imagefs.available]'],
    ],
    [{ evictionSoft: { 'memory.available': '1Gi' } }, ['evictionSoftGracePeriod[memory.available]']],
    [{ evictionSoftGracePeriod: { 'memory.available': '0s' } }, ['evictionSoftGracePeriod[memory.available]']],
    [{ evictionPressureTransitionPeriod: 'soon', imageMinimumGCAge: 'old' }, ['evictionPressureTransitionPeriod', 'imageMinimumGCAge']],
    [{ imageMinimumGCAge: '5m', imageMaximumGCAge: '5m' }, ['imageMaximumGCAge']],
    [{ imageMaximumGCAge: '1m' }, ['imageMaximumGCAge']],
    [{ imageMaximumGCAge: '0s', containerLogMaxSize: '1Mi', containerLogMaxFiles: 2, containerLogMonitorInterval: '3s' }, []],
    [
      { containerLogMaxSize: '0', containerLogMaxFiles: 1, containerLogMonitorInterval: '2s' },
      ['containerLogMaxSize', 'containerLogMaxFiles', 'containerLogMonitorInterval'],
    ],
    [{ containerLogMaxSize: 'big' }, ['containerLogMaxSize']],
    [{ shutdownGracePeriod: '30s', shutdownGracePeriodCriticalPods: '10s' }, []],
    [{ shutdownGracePeriod: '10s', shutdownGracePeriodCriticalPods: '30s' }, ['shutdownGracePeriodCriticalPods']],
    [
      { shutdownGracePeriod: '500ms', shutdownGracePeriodByPodPriority: [{ priority: 0, shutdownGracePeriodSeconds: -1 }] },
      ['shutdownGracePeriod', 'shutdownGracePeriod', 'shutdownGracePeriodByPodPriority[0].shutdownGracePeriodSeconds'],
    ],
    [{ imageGCHighThresholdPercent: 101 }, ['imageGCHighThresholdPercent']],
    [{ imageGCHighThresholdPercent: 80 }, ['imageGCLowThresholdPercent']],
  ];
  for (const [kubeletConfiguration, fields] of cases) {
    it(`of ${JSON.stringify(kubeletConfiguration)} finds ${fields.join(', ') || 'nothing'}`, () => {
      const errors = NODEPOOL_STRATEGY.validate({ metadata: { name: 'p' }, spec: { count: 1, kubeletConfiguration } });
      assert.deepEqual(
        errors.map(({ path }) => String(path)),
        fields.map((field) => `spec.kubeletConfiguration.${field}`),
      );
    });
  }
});

describe('what follows from a kubelet’s configuration', () => {
  const lines = (configuration: KubeletConfiguration): readonly string[] =>
    kubeletSettings(configuration).thresholds.map(({ signal, isSoft, amount }) => `${isSoft ? 'soft ' : ''}${signal}<${amount}`);

  it('are the real thresholds, unless hard ones are given', () => {
    const disk = ['nodefs.available<10%', 'nodefs.inodesFree<5%', 'imagefs.available<15%', 'imagefs.inodesFree<5%'];
    const defaults = ['memory.available<100Mi', ...disk];
    const evictionHard = { 'memory.available': '1Gi', 'nodefs.available': '0%' };
    assert.deepEqual(lines({}), defaults);
    assert.deepEqual(lines({ evictionHard }), ['memory.available<1Gi']);
    assert.deepEqual(lines({ evictionHard, mergeDefaultEvictionSettings: true }), ['memory.available<1Gi', ...disk.slice(1)]);
    assert.deepEqual(lines({ kubeReserved: { memory: '1Gi' } }), ['memory.available<100Mi', 'allocatableMemory.available<100Mi', ...disk]);
    assert.deepEqual(lines({ evictionHard: { 'pid.available': '1000', 'nodefs.inodesFree': '10%', 'containerfs.available': '50%' } }), [
      'nodefs.inodesFree<10%',
      'pid.available<1000',
    ]);
    assert.deepEqual(lines({ evictionSoft: { 'memory.available': '2Gi' } }), [
      'memory.available<100Mi',
      'soft memory.available<2Gi',
      ...defaults.slice(1),
    ]);
  });

  it('is what Pods may ask for', () => {
    const capacity = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' };
    assert.equal(allocatableBy({ maxPods: 3 }, capacity), undefined);
    assert.deepEqual(
      allocatableBy(
        { kubeReserved: { cpu: '200m', memory: '1Gi' }, systemReserved: { cpu: '50m' }, evictionHard: { 'memory.available': '500Mi' } },
        capacity,
      ),
      { cpu: '3750m', memory: '6668Mi', pods: '110', 'ephemeral-storage': '100Gi' },
    );
    const { status } = machine({ metadata: { name: 'p' }, spec: { kubeletConfiguration: { maxPods: 3 } } }, 'p-1', 1);
    assert.deepEqual([status?.capacity?.['pods'], status?.allocatable?.['pods'], status?.allocatable?.['cpu']], ['3', '3', '4']);
  });
});

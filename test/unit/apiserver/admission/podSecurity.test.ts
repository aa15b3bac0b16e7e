import assert from 'node:assert/strict';
import type { PodSpec } from '../../../../src/api/schema/types/core/v1.ts';
import { evaluate, policyOf, type Level } from '../../../../src/apiserver/admission/podsecurity/policy.ts';
import { pod, Wire } from '../support.ts';

const HARDENED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

function violations(level: Level, minor: number | undefined, spec: object, annotations = {}): string {
  const subject = { annotations, spec: { containers: [{ name: 'a', image: 'i' }], ...spec } as PodSpec };
  return evaluate({ level, minor }, subject)
    .map(({ reason, detail }) => `${reason} (${detail})`)
    .join(', ');
}

const inContainer = (securityContext: object, more: object = {}): object => ({
  containers: [{ name: 'a', image: 'i', securityContext, ...more }],
});

describe('Pod Security', () => {
  const cases: readonly (readonly [title: string, level: Level, minor: number | undefined, spec: object, expected: string])[] = [
    ['privileged allows all', 'privileged', undefined, { hostPID: true }, ''],
    ['a plain Pod is baseline', 'baseline', undefined, {}, ''],
    [
      'procMount',
      'baseline',
      undefined,
      inContainer({ procMount: 'Unmasked' }),
      'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
    ],
    [
      'procMount in a user namespace of its own',
      'baseline',
      undefined,
      { hostUsers: false, ...inContainer({ procMount: 'Unmasked' }) },
      '',
    ],
    [
      'SELinux type of an engine before 1.31',
      'baseline',
      30,
      inContainer({ seLinuxOptions: { type: 'container_engine_t', role: 'r' } }),
      'seLinuxOptions (container "a" set forbidden securityContext.seLinuxOptions: type "container_engine_t"; role may not be set)',
    ],
    ['SELinux type of an engine since', 'baseline', 31, inContainer({ seLinuxOptions: { type: 'container_engine_t' } }), ''],
    [
      'sysctls of a later version',
      'baseline',
      28,
      { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_fin_timeout', value: '1' }] } },
      'forbidden sysctls (net.ipv4.tcp_fin_timeout)',
    ],
    ['sysctls of their version', 'baseline', 29, { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_fin_timeout', value: '1' }] } }, ''],
    ['hosts of probes before 1.34', 'baseline', 33, inContainer({}, { livenessProbe: { tcpSocket: { port: 1, host: 'h' } } }), ''],
    [
      'hosts of hooks and probes',
      'baseline',
      undefined,
      inContainer(
        {},
        { readinessProbe: { tcpSocket: { port: 1, host: 'h' } }, lifecycle: { preStop: { httpGet: { port: 1, host: 'b' } } } },
      ),
      'probe or lifecycle host (container "a" uses probe or lifecycle hosts "b", "h")',
    ],
    [
      'a host process of the Pod and of a container',
      'baseline',
      undefined,
      { securityContext: { windowsOptions: { hostProcess: true } }, ...inContainer({ windowsOptions: { hostProcess: true } }) },
      'hostProcess (pod and container "a" must not set securityContext.windowsOptions.hostProcess=true)',
    ],
    ['a hardened Pod is restricted', 'restricted', undefined, inContainer(HARDENED), ''],
    [
      'capabilities that are kept and added',
      'restricted',
      undefined,
      inContainer({ ...HARDENED, capabilities: { add: ['NET_BIND_SERVICE', 'CHOWN'] } }),
      'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]; container "a" must not include "CHOWN" in securityContext.capabilities.add)',
    ],
    [
      'capabilities before 1.22 are those of baseline',
      'restricted',
      21,
      inContainer({ ...HARDENED, capabilities: { add: ['CHOWN'] } }),
      '',
    ],
    [
      'root against its own word',
      'restricted',
      undefined,
      { securityContext: { runAsNonRoot: false }, ...inContainer(HARDENED) },
      'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)',
    ],
    [
      'root in a user namespace of its own',
      'restricted',
      undefined,
      { hostUsers: false, ...inContainer({ ...HARDENED, runAsNonRoot: false, runAsUser: 0 }) },
      '',
    ],
    ['user 0 before 1.23', 'restricted', 22, inContainer({ ...HARDENED, runAsUser: 0 }), ''],
    ['Windows needs no Linux settings', 'restricted', undefined, { os: { name: 'windows' }, ...inContainer({ runAsNonRoot: true }) }, ''],
    [
      'a volume without a source that is known',
      'restricted',
      undefined,
      { volumes: [{ name: 'v', quobyte: {} }], ...inContainer(HARDENED) },
      'restricted volume types (volume "v" uses restricted volume type "quobyte")',
    ],
  ];
  for (const [title, level, minor, spec, expected] of cases) {
    it(`${level} ${minor ?? 'latest'}: ${title}`, () => assert.equal(violations(level, minor, spec), expected));
  }

  it('reads annotations where they are the setting', () => {
    assert.equal(
      violations('baseline', 18, {}, { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' }),
      'seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")',
    );
    assert.equal(violations('baseline', 19, {}, { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' }), '');
  });

  it('warns of what is enforced unless a level for warnings is set', () => {
    const enforce = { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'v1.30' };
    assert.deepEqual(policyOf(enforce).warn, { level: 'restricted', minor: 30 });
    assert.deepEqual(policyOf({ ...enforce, 'pod-security.kubernetes.io/warn': 'privileged' }).warn, {
      level: 'privileged',
      minor: undefined,
    });
  });
});

describe('the admission plugin PodSecurity', () => {
  let wire: Wire;
  beforeEach(() => {
    wire = new Wire();
  });

  const label = (level: string) =>
    wire.call(
      'PATCH',
      '/api/v1/namespaces/default',
      { metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } },
      {
        'content-type': 'application/merge-patch+json',
      },
    );

  it('names one Pod of each sort when a level gets stricter, and nothing when it gets looser', () => {
    for (const name of ['b', 'a', 'c']) wire.call('POST', '/api/v1/namespaces/default/pods', pod(name, { hostPID: true }));
    assert.deepEqual(label('baseline').answer.warnings, [
      'existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 2 other pods): host namespaces',
    ]);
    assert.deepEqual(label('privileged').answer.warnings, []);
  });

  it('lets a Pod be labelled that would not be allowed any more', () => {
    wire.call('POST', '/api/v1/namespaces/default/pods', pod('old', { hostPID: true }));
    label('baseline');
    const patch = (body: object) =>
      wire.call('PATCH', '/api/v1/namespaces/default/pods/old', body, { 'content-type': 'application/strategic-merge-patch+json' });
    assert.equal(patch({ metadata: { labels: { a: 'b' } } }).code, 200);
    assert.equal(patch({ spec: { containers: [{ name: 'app', image: 'other:1' }] } }).code, 403);
  });
});

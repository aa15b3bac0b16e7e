import { check, makePod, withContainer, type Fields } from './support.ts';

const C = 'spec.containers[0]';

describe('containers of a Pod', () => {
  it('accepts the least that a Pod can be', () => check(makePod(), []));
  it('needs at least one', () => check(makePod({ containers: [] }), ['spec.containers: Required value']));

  const cases: readonly (readonly [name: string, container: Fields, expected: readonly string[]])[] = [
    ['no image', { image: '' }, [`${C}.image: Required value`]],
    ['a space in the image', { image: ' app' }, [`${C}.image: Invalid value: " app": must not have leading or trailing whitespace`]],
    [
      'an unknown pull policy',
      { imagePullPolicy: 'Maybe' },
      [`${C}.imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never"`],
    ],
    ['a port without number', { ports: [{ name: 'a' }] }, [`${C}.ports[0].containerPort: Required value`]],
    [
      'a port name twice',
      {
        ports: [
          { name: 'a', containerPort: 1 },
          { name: 'a', containerPort: 2 },
        ],
      },
      [`${C}.ports[1].name: Duplicate value: "a"`],
    ],
    [
      'a host port twice',
      {
        ports: [
          { containerPort: 1, hostPort: 9 },
          { containerPort: 2, hostPort: 9 },
        ],
      },
      [`${C}.ports[1].hostPort: Duplicate value: "TCP//9"`],
    ],
    ['a mount of nothing', { volumeMounts: [{ name: 'v', mountPath: '/a' }] }, [`${C}.volumeMounts[0].name: Not found: "v"`]],
    ['a probe without handler', { livenessProbe: {} }, [`${C}.livenessProbe: Required value: must specify a handler type`]],
    [
      'a probe with two handlers',
      { readinessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 1 } } },
      [`${C}.readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`],
    ],
    [
      'a liveness probe that wants two successes',
      { livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } },
      [`${C}.livenessProbe.successThreshold: Invalid value: 2: must be 1`],
    ],
    [
      'a port of a probe that is no name',
      { livenessProbe: { tcpSocket: { port: '1' } } },
      [`${C}.livenessProbe.tcpSocket.port: Invalid value: "1": must contain at least one letter (a-z)`],
    ],
    [
      'a sleep longer than the grace period',
      { lifecycle: { preStop: { sleep: { seconds: 31 } } } },
      [`${C}.lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)`],
    ],
    [
      'rules without a policy',
      { restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }] },
      [`${C}.restartPolicy: Required value: must specify restartPolicy when restart rules are used`],
    ],
    [
      'a variable with value and source',
      { env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
      [`${C}.env[0].valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`],
    ],
    [
      'a field that nobody knows',
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.x' } } }] },
      [`${C}.env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.x": error converting fieldPath: field label not supported: spec.x`],
    ],
    ['a label as a field', { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a']" } } }] }, []],
    [
      'an empty source of variables',
      { envFrom: [{}] },
      [`${C}.envFrom: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``],
    ],
  ];
  for (const [name, container, expected] of cases) it(name, () => check(withContainer(container), expected));

  it('counts names over all lists', () => {
    check(makePod({ initContainers: [{ name: 'main', image: 'a' }] }), ['spec.initContainers[0].name: Duplicate value: "main"']);
  });
  it('allows probes to sidecars only', () => {
    const probe = { tcpSocket: { port: 1 } };
    const text = 'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always';
    check(makePod({ initContainers: [{ name: 'i', image: 'a', livenessProbe: probe }] }), [text]);
    check(makePod({ initContainers: [{ name: 'i', image: 'a', restartPolicy: 'Always', livenessProbe: probe }] }), []);
  });
  it('takes no ephemeral containers at creation', () => {
    check(makePod({ ephemeralContainers: [{ name: 'e', image: 'a' }] }), ['spec.ephemeralContainers: Forbidden: cannot be set on create']);
  });
  it('matches ports on the host network', () => {
    const pod = withContainer({ ports: [{ containerPort: 80, hostPort: 81 }] }, { hostNetwork: true });
    check(pod, [`${C}.ports[0].hostPort: Invalid value: 81: must match \`containerPort\` when \`hostNetwork\` is true`]);
  });
});

import { check, makePod, withContainer, type Fields } from './support.ts';

const TERM = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';

function nodeTerm(term: Fields): Fields {
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } } };
}

function toleration(fields: Fields): Fields {
  return { tolerations: [fields] };
}

describe('spec of a Pod', () => {
  const cases: readonly (readonly [name: string, spec: Fields, expected: readonly string[]])[] = [
    [
      'two sources of one volume',
      { volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] },
      ['spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type'],
    ],
    ['a volume without source is an empty directory', { volumes: [{ name: 'v' }] }, []],
    [
      'a path that leaves its volume',
      { volumes: [{ name: 'v', configMap: { name: 'c', items: [{ key: 'k', path: '../x' }] } }] },
      ['spec.volumes[0].configMap.items[0].path: Invalid value: "../x": must not contain \'..\''],
    ],
    [
      'a file mode too large',
      { volumes: [{ name: 'v', secret: { secretName: 's', defaultMode: 512 } }] },
      ['spec.volumes[0].secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive'],
    ],
    [
      'a projected path twice',
      {
        volumes: [
          {
            name: 'v',
            projected: {
              sources: [
                { secret: { name: 's', items: [{ key: 'a', path: 'p' }] } },
                { configMap: { name: 'c', items: [{ key: 'a', path: 'p' }] } },
              ],
            },
          },
        ],
      },
      ['spec.volumes[0].projected: Invalid value: "c": conflicting duplicate paths'],
    ],
    [
      'a term without operator',
      nodeTerm({ matchExpressions: [{ key: 'a' }] }),
      [`${TERM}[0].matchExpressions[0].operator: Invalid value: "": not a valid selector operator`],
    ],
    [
      'In without values',
      nodeTerm({ matchExpressions: [{ key: 'a', operator: 'In' }] }),
      [`${TERM}[0].matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`],
    ],
    [
      'a field other than the name',
      nodeTerm({ matchFields: [{ key: 'metadata.uid', operator: 'In', values: ['x'] }] }),
      [`${TERM}[0].matchFields[0].key: Invalid value: "metadata.uid": not a valid field selector key`],
    ],
    [
      'seconds of a taint that does not evict',
      toleration({ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 1 }),
      ['spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set'],
    ],
    [
      'an unknown operator of a toleration',
      toleration({ key: 'a', operator: 'In' }),
      ['spec.tolerations[0].operator: Unsupported value: "In": supported values: "Equal", "Exists"'],
    ],
    [
      'a constraint twice',
      { topologySpreadConstraints: [spread(), spread()] },
      ['spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"'],
    ],
    [
      'minDomains of a wish',
      { topologySpreadConstraints: [{ ...spread(), whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 }] },
      [
        'spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
      ],
    ],
    [
      'no nameserver for a policy of its own',
      { dnsPolicy: 'None' },
      ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
    ],
    [
      'an address that is none',
      { hostAliases: [{ ip: 'x', hostnames: ['a'] }] },
      ['spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    ],
    [
      'an own user namespace on the host network',
      { hostUsers: false, hostNetwork: true },
      ['spec.hostNetwork: Forbidden: when `hostUsers` is false'],
    ],
    [
      'a node although gates hold the Pod',
      { nodeName: 'n', schedulingGates: [{ name: 'g' }] },
      ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
    ],
    [
      'a deadline of nothing',
      { activeDeadlineSeconds: 0 },
      ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
    ],
    [
      'Linux settings of a Windows Pod',
      { os: { name: 'windows' }, hostPID: true },
      ['spec.hostPID: Forbidden: cannot be set for a windows pod'],
    ],
    [
      'a profile without name',
      { securityContext: { seccompProfile: { type: 'Localhost' } } },
      ['spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost'],
    ],
    [
      'a claim of nothing',
      { resourceClaims: [{ name: 'a' }] },
      [
        'spec.resourceClaims[0]: Invalid value: {"Name":"a","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
      ],
    ],
  ];
  for (const [name, spec, expected] of cases) it(name, () => check(makePod(spec), expected));

  it('makes requirements of label keys, and refuses a key that stands there already', () => {
    const constraint = { ...spread(), labelSelector: { matchLabels: { app: 'x' } }, matchLabelKeys: ['app'] };
    check(makePod({ topologySpreadConstraints: [constraint] }, { labels: { app: 'x' } }), [
      'spec.topologySpreadConstraints[0][0]: Invalid value: "app": exists in both matchLabelKeys and labelSelector',
    ]);
  });
});

function spread(): Fields {
  return { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} };
}

describe('resources of a Pod', () => {
  const R = 'spec.containers[0].resources';
  const cases: readonly (readonly [name: string, resources: Fields, expected: readonly string[]])[] = [
    [
      'more requested than allowed',
      { requests: { cpu: '2' }, limits: { cpu: '1' } },
      [`${R}.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`],
    ],
    [
      'a device without limit',
      { requests: { 'a.b/gpu': '1' } },
      [`${R}.limits: Required value: Limit must be set for non overcommitable resources`],
    ],
    [
      'half a device',
      { limits: { 'a.b/gpu': '500m' } },
      [
        `${R}.limits[a.b/gpu]: Invalid value: "500m": must be an integer`,
        `${R}.requests[a.b/gpu]: Invalid value: "500m": must be an integer`,
      ],
    ],
    ['pages alone', { limits: { 'hugepages-2Mi': '4Mi' } }, [`${R}: Forbidden: HugePages require cpu or memory`]],
    [
      'a part of a page',
      { limits: { 'hugepages-2Mi': '3Mi', cpu: '1' } },
      [
        `${R}.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi`,
        `${R}.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi`,
      ],
    ],
    [
      'less than nothing',
      { requests: { memory: '-1' } },
      [`${R}.requests[memory]: Invalid value: "-1": must be greater than or equal to 0`],
    ],
  ];
  for (const [name, resources, expected] of cases) it(name, () => check(withContainer({ resources }), expected));

  it('asks of the Pod what its containers need together', () => {
    const container = (name: string, cpu: string): Fields => ({ name, image: 'a', resources: { requests: { cpu } } });
    const pod = makePod({ containers: [container('a', '200m'), container('b', '300m')], resources: { requests: { cpu: '400m' } } });
    check(pod, [
      'spec.resources.requests[cpu]: Invalid value: "400m": must be greater than or equal to aggregate container requests of 500m',
    ]);
  });
});

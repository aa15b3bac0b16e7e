import { NODES } from '../api/schema/resources.ts';
import type { Taint } from '../api/schema/types/core/v1.ts';
import type { Client } from '../client/client.ts';
import type { ClusterOptions } from './options.ts';

/** What a machine of a preset offers. */
interface Machine {
  readonly name: string;
  readonly zone: string;
  readonly controlPlane: boolean;
}

const ZONES = ['zone-a', 'zone-b', 'zone-c'] as const;
const DEFAULT_WORKERS = 3;
const CAPACITY = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' } as const;
const CONTROL_PLANE_TAINT: Taint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

/**
 * Registers the preset's machines as their kubelets would: `default` has one control plane node and three workers of
 * 4 CPU, 8 GiB and 110 Pods each, spread over three zones; `empty` has none.
 */
export function applyPreset(client: Client, options: ClusterOptions): void {
  for (const machine of machinesOf(options)) register(client, machine);
}

function machinesOf(options: ClusterOptions): readonly Machine[] {
  const workers = options.nodes ?? (options.preset === 'empty' ? 0 : DEFAULT_WORKERS);
  const machines: Machine[] = options.preset === 'empty' ? [] : [{ name: 'control-plane', zone: ZONES[0], controlPlane: true }];
  for (let i = 0; i < workers; i++) machines.push({ name: `worker-${i + 1}`, zone: ZONES[i % ZONES.length] ?? ZONES[0], controlPlane: false });
  return machines;
}

function register(client: Client, { name, zone, controlPlane }: Machine): void {
  client.create(NODES, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': 'local',
        'topology.kubernetes.io/zone': zone,
        ...(controlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
      },
    },
    spec: controlPlane ? { taints: [{ ...CONTROL_PLANE_TAINT }] } : {},
    status: { capacity: { ...CAPACITY }, allocatable: { ...CAPACITY } },
  });
}

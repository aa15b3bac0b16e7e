/**
 * The sizes of machines that can be asked for by name, as Amazon EC2 has them: what a node of that type offers.
 * Invariant: pure data and the public formulas over it; a name that is not here is none.
 * Counterpart: EC2's instance types, and the Pod limits and reservations that Amazon EKS derives from them.
 */
export interface InstanceType {
  readonly arch: 'amd64' | 'arm64';
  readonly cpu: number;
  readonly memoryMebi: number;
  /** Network interfaces, and IPv4 addresses on each. */
  readonly interfaces: number;
  readonly addresses: number;
  /** Graphics cards, with the memory of each. */
  readonly gpus?: { readonly model: string; readonly count: number; readonly memoryGibi: number };
}

type Size = readonly [cpu: number, interfaces: number, addresses: number];

/** What the sizes of one name have in common over most families. */
const SIZES: Readonly<Record<string, Size>> = {
  medium: [1, 2, 4],
  large: [2, 3, 10],
  xlarge: [4, 4, 15],
  '2xlarge': [8, 4, 15],
  '4xlarge': [16, 8, 30],
  '8xlarge': [32, 8, 30],
  '9xlarge': [36, 8, 30],
  '12xlarge': [48, 8, 30],
  '16xlarge': [64, 15, 50],
  '18xlarge': [72, 15, 50],
  '24xlarge': [96, 15, 50],
};
const USUAL = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge', '24xlarge'];
const GRAVITON = ['medium', 'large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge'];

interface Family {
  readonly arch: InstanceType['arch'];
  readonly mebiPerCpu: number;
  readonly sizes: readonly string[];
}

const GIBI = 1024;
const intel = (mebiPerCpu: number, sizes = USUAL): Family => ({ arch: 'amd64', mebiPerCpu, sizes });
const graviton = (mebiPerCpu: number): Family => ({ arch: 'arm64', mebiPerCpu, sizes: GRAVITON });

const FAMILIES: Readonly<Record<string, Family>> = {
  c5: intel(2 * GIBI, ['large', 'xlarge', '2xlarge', '4xlarge', '9xlarge', '12xlarge', '18xlarge', '24xlarge']),
  c6g: graviton(2 * GIBI),
  c6i: intel(2 * GIBI),
  c7g: graviton(2 * GIBI),
  c7i: intel(2 * GIBI),
  m5: intel(4 * GIBI),
  m6g: graviton(4 * GIBI),
  m6i: intel(4 * GIBI),
  m7g: graviton(4 * GIBI),
  m7i: intel(4 * GIBI),
  r5: intel(8 * GIBI),
  r6g: graviton(8 * GIBI),
  r6i: intel(8 * GIBI),
  r7g: graviton(8 * GIBI),
  r7i: intel(8 * GIBI),
};

/** Burstable machines have sizes of their own. */
const BURSTABLE: Readonly<Record<string, readonly [cpu: number, memoryMebi: number, interfaces: number, addresses: number]>> = {
  nano: [2, GIBI / 2, 2, 2],
  micro: [2, GIBI, 2, 2],
  small: [2, 2 * GIBI, 3, 4],
  medium: [2, 4 * GIBI, 3, 6],
  large: [2, 8 * GIBI, 3, 12],
  xlarge: [4, 16 * GIBI, 4, 15],
  '2xlarge': [8, 32 * GIBI, 4, 15],
};
const BURSTABLE_FAMILIES: Readonly<Record<string, InstanceType['arch']>> = { t3: 'amd64', t4g: 'arm64' };

type Accelerated = readonly [cpu: number, memoryGibi: number, gpus: number, interfaces: number, addresses: number];

/** Machines with graphics cards: the card, its memory in GiB, and the sizes. */
const ACCELERATED: Readonly<Record<string, readonly [model: string, memoryGibi: number, Readonly<Record<string, Accelerated>>]>> = {
  g4dn: [
    'T4',
    16,
    {
      xlarge: [4, 16, 1, 3, 10],
      '2xlarge': [8, 32, 1, 3, 10],
      '4xlarge': [16, 64, 1, 3, 10],
      '8xlarge': [32, 128, 1, 4, 15],
      '12xlarge': [48, 192, 4, 8, 30],
      '16xlarge': [64, 256, 1, 4, 15],
    },
  ],
  g5: [
    'A10G',
    24,
    {
      xlarge: [4, 16, 1, 4, 15],
      '2xlarge': [8, 32, 1, 4, 15],
      '4xlarge': [16, 64, 1, 8, 30],
      '8xlarge': [32, 128, 1, 8, 30],
      '12xlarge': [48, 192, 4, 15, 50],
      '16xlarge': [64, 256, 1, 8, 30],
      '24xlarge': [96, 384, 4, 15, 50],
      '48xlarge': [192, 768, 8, 7, 50],
    },
  ],
  p3: ['V100', 16, { '2xlarge': [8, 61, 1, 4, 15], '8xlarge': [32, 244, 4, 8, 30], '16xlarge': [64, 488, 8, 8, 30] }],
  p4d: ['A100', 40, { '24xlarge': [96, 1152, 8, 15, 50] }],
  p5: ['H100', 80, { '48xlarge': [192, 2048, 8, 2, 50] }],
};

/** Plays the drivers of the graphics cards that instance types have; the DeviceClass is called as the driver. */
export const GPU_DRIVER = 'gpu.kubepad.dev';

export const INSTANCE_TYPES: ReadonlyMap<string, InstanceType> = new Map(
  [
    ...Object.entries(BURSTABLE_FAMILIES).flatMap(([family, arch]) =>
      Object.entries(BURSTABLE).map(([size, [cpu, memoryMebi, interfaces, addresses]]): [string, InstanceType] => [
        `${family}.${size}`,
        { arch, cpu, memoryMebi, interfaces, addresses },
      ]),
    ),
    ...Object.entries(ACCELERATED).flatMap(([family, [model, memoryGibi, sizes]]) =>
      Object.entries(sizes).map(([size, [cpu, gibi, count, interfaces, addresses]]): [string, InstanceType] => [
        `${family}.${size}`,
        { arch: 'amd64', cpu, memoryMebi: gibi * GIBI, interfaces, addresses, gpus: { model, count, memoryGibi } },
      ]),
    ),
    ...Object.entries(FAMILIES).flatMap(([family, { arch, mebiPerCpu, sizes }]) =>
      sizes.map((size): [string, InstanceType] => {
        const [cpu, interfaces, addresses] = SIZES[size] ?? [0, 0, 0];
        return [`${family}.${size}`, { arch, cpu, memoryMebi: cpu * mebiPerCpu, interfaces, addresses }];
      }),
    ),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1)),
);

/** Pods get the addresses of the interfaces but for each one's first; two Pods use the host's network. m5.large: 3 * 9 + 2 = 29. */
export function podLimit({ interfaces, addresses }: InstanceType): number {
  return interfaces * (addresses - 1) + 2;
}

const DISK = '80Gi';
/** evictionHard memory.available. */
const EVICTION_MEBI = 100;

export function capacityOf(type: InstanceType): Readonly<Record<string, string>> {
  return { cpu: String(type.cpu), memory: `${type.memoryMebi}Mi`, pods: String(podLimit(type)), 'ephemeral-storage': DISK };
}

/**
 * What is left for Pods: the kubelet keeps 6 % of the first CPU, 1 % of the second, 0.5 % of the next two and 0.25 % of all others, and
 * 255Mi and 11Mi for each Pod. Worked example, m5.large: 2000m - 60m - 10m = 1930m; 8192Mi - 255Mi - 29 * 11Mi - 100Mi = 7518Mi.
 */
export function allocatableOf(type: InstanceType): Readonly<Record<string, string>> {
  const shares = [60, 10, 5, 5];
  let reserved = 0;
  for (let cpu = 0; cpu < type.cpu; cpu++) reserved += shares[cpu] ?? 2.5;
  const memory = Math.max(0, type.memoryMebi - 255 - 11 * podLimit(type) - EVICTION_MEBI);
  return { ...capacityOf(type), cpu: `${type.cpu * 1000 - Math.floor(reserved)}m`, memory: `${memory}Mi` };
}

/**
 * How the kubelets of a NodePool are configured: the fields of KubeletConfiguration that the simulated kubelet acts on, by their names.
 * Invariant: what is absent has the real default; once `evictionHard` is given, its defaults are gone unless they are asked for.
 * Counterpart: k8s.io/kubelet/config/v1beta1.KubeletConfiguration and ParseThresholdConfig of pkg/kubelet/eviction.
 */
import { formatQuantity, fromMilli, fromValue, milliValue, value } from '../../../apimachinery/quantity/quantity.ts';
import type { Schema } from '../../../apimachinery/scheme/schema.ts';
import { parseDuration } from '../duration.ts';
import type { ShutdownGracePeriod } from '../types.ts';

export const EVICTION_SIGNALS = [
  'allocatableMemory.available',
  'containerfs.available',
  'containerfs.inodesFree',
  'imagefs.available',
  'imagefs.inodesFree',
  'memory.available',
  'nodefs.available',
  'nodefs.inodesFree',
  'pid.available',
] as const;
export type EvictionSignal = (typeof EVICTION_SIGNALS)[number];

type Amounts = Readonly<Record<string, string>>;

export interface KubeletConfiguration {
  /** How many Pods a machine takes; default: as its resources say. */
  readonly maxPods?: number;
  /** What is kept from Pods for the system, and for the kubelet and the runtime: machines that come later have less allocatable. */
  readonly systemReserved?: Amounts;
  readonly kubeReserved?: Amounts;
  /** Signal > amount or percentage below which Pods are evicted at once. */
  readonly evictionHard?: Amounts;
  /** The same, but only after the signal's `evictionSoftGracePeriod`. */
  readonly evictionSoft?: Amounts;
  readonly evictionSoftGracePeriod?: Amounts;
  /** How much more than the threshold is freed once it was met. */
  readonly evictionMinimumReclaim?: Amounts;
  /** How long a condition of pressure stays after the pressure ended. Default 5m. */
  readonly evictionPressureTransitionPeriod?: string;
  /** What a Pod that is evicted by a soft threshold gets to end, in seconds, at most. Default 0. */
  readonly evictionMaxPodGracePeriod?: number;
  /** Whether signals that `evictionHard` does not name keep their defaults. */
  readonly mergeDefaultEvictionSettings?: boolean;
  /** From which use of the disk on unused images are deleted, and down to which. Default 85 and 80. */
  readonly imageGCHighThresholdPercent?: number;
  readonly imageGCLowThresholdPercent?: number;
  /** So long an image that is new on the machine is left alone. Default 2m. */
  readonly imageMinimumGCAge?: string;
  /** An image that nobody has used for so long is deleted although there is room. Default 0: never. */
  readonly imageMaximumGCAge?: string;
  /** A container's log begins a new file when it is larger; so many files are kept. Default 10Mi and 5. */
  readonly containerLogMaxSize?: string;
  readonly containerLogMaxFiles?: number;
  /** How often the sizes of logs are looked at. Default 10s. */
  readonly containerLogMonitorInterval?: string;
  /** What a machine that shuts down gives its Pods, and which part of that is kept for critical ones. */
  readonly shutdownGracePeriod?: string;
  readonly shutdownGracePeriodCriticalPods?: string;
  /** Instead of the two, what the Pods of each priority get. */
  readonly shutdownGracePeriodByPodPriority?: readonly ShutdownGracePeriod[];
}

const TEXT: Schema = { type: 'string' };
const TEXTS: Schema = { type: 'object', additionalProperties: TEXT };
const COUNT: Schema = { type: 'integer', format: 'int32' };

export const KUBELET_CONFIGURATION_SCHEMA: Schema = {
  type: 'object',
  properties: {
    maxPods: COUNT,
    systemReserved: TEXTS,
    kubeReserved: TEXTS,
    evictionHard: TEXTS,
    evictionSoft: TEXTS,
    evictionSoftGracePeriod: TEXTS,
    evictionMinimumReclaim: TEXTS,
    evictionPressureTransitionPeriod: TEXT,
    evictionMaxPodGracePeriod: COUNT,
    mergeDefaultEvictionSettings: { type: 'boolean' },
    imageGCHighThresholdPercent: COUNT,
    imageGCLowThresholdPercent: COUNT,
    imageMinimumGCAge: TEXT,
    imageMaximumGCAge: TEXT,
    containerLogMaxSize: TEXT,
    containerLogMaxFiles: COUNT,
    containerLogMonitorInterval: TEXT,
    shutdownGracePeriod: TEXT,
    shutdownGracePeriodCriticalPods: TEXT,
    shutdownGracePeriodByPodPriority: {
      type: 'array',
      items: { default: {}, ref: 'dev.kubepad.v1.ShutdownGracePeriod' },
      'x-kubernetes-list-type': 'atomic',
    },
  },
};

export const KUBELET_CONFIGURATION_GO_FACTS =
  'maxPods* systemReserved kubeReserved evictionHard evictionSoft evictionSoftGracePeriod evictionMinimumReclaim evictionPressureTransitionPeriod evictionMaxPodGracePeriod mergeDefaultEvictionSettings* imageGCHighThresholdPercent* imageGCLowThresholdPercent* imageMinimumGCAge imageMaximumGCAge containerLogMaxSize containerLogMaxFiles* containerLogMonitorInterval shutdownGracePeriod shutdownGracePeriodCriticalPods shutdownGracePeriodByPodPriority';

/** A line below which a machine is in need. */
export interface Threshold {
  readonly signal: EvictionSignal;
  readonly isSoft: boolean;
  /** A quantity, or a percentage of the capacity. */
  readonly amount: string;
  readonly graceMs: number;
  readonly minReclaim: string;
}

/** What follows from a configuration. */
export interface KubeletSettings {
  /** Memory first, as it is relieved first. */
  readonly thresholds: readonly Threshold[];
  /** Others than the default ones may be met without anything special going on. */
  readonly hasOwnThresholds: boolean;
  readonly transitionMs: number;
  readonly maxPodGraceSeconds: number;
  readonly imageHighPercent: number;
  readonly imageLowPercent: number;
  readonly imageMinAgeMs: number;
  /** 0: images do not grow too old. */
  readonly imageMaxAgeMs: number;
  /** Memory that is kept from Pods. */
  readonly reservedMemoryBytes: number;
  readonly logs: LogRotation;
}

/** When the log of a container begins a new file. */
export interface LogRotation {
  readonly maxBytes: number;
  readonly maxFiles: number;
  readonly intervalMs: number;
}

const DEFAULT_EVICTION_HARD: Amounts = {
  'memory.available': '100Mi',
  'nodefs.available': '10%',
  'nodefs.inodesFree': '5%',
  'imagefs.available': '15%',
  'imagefs.inodesFree': '5%',
};
const DEFAULT_TRANSITION_MS = 300_000;
const DEFAULT_IMAGE_AGE_MS = 120_000;
const DEFAULT_LOG_BYTES = '10Mi';
const DEFAULT_LOG_FILES = 5;
const DEFAULT_LOG_INTERVAL_MS = 10_000;
/** What containers write lies on the disk of the node, so `containerfs` has the thresholds of `nodefs`, whatever is given for it. */
const ORDER: readonly EvictionSignal[] = [
  'memory.available',
  'allocatableMemory.available',
  'nodefs.available',
  'nodefs.inodesFree',
  'imagefs.available',
  'imagefs.inodesFree',
  'pid.available',
];

export function kubeletSettings(configuration: KubeletConfiguration = {}): KubeletSettings {
  const { evictionSoft = {}, evictionSoftGracePeriod = {}, evictionMinimumReclaim = {} } = configuration;
  const reservedMemoryBytes = value(configuration.systemReserved?.['memory']) + value(configuration.kubeReserved?.['memory']);
  const hard = { ...evictionHardOf(configuration) };
  // What is enforced for all Pods together has the hard threshold of the machine's memory.
  const ofMemory = hard['memory.available'];
  if (reservedMemoryBytes > 0 && ofMemory !== undefined) hard['allocatableMemory.available'] = ofMemory;
  const thresholds = ORDER.flatMap((signal) =>
    [hard, evictionSoft].flatMap((amounts): Threshold[] => {
      const amount = amounts[signal];
      // The real parser leaves these two out.
      if (amount === undefined || amount === '0%' || amount === '100%') return [];
      const isSoft = amounts === evictionSoft;
      const graceMs = isSoft ? durationOf(evictionSoftGracePeriod[signal], 0) : 0;
      return [{ signal, isSoft, amount, graceMs, minReclaim: evictionMinimumReclaim[signal] ?? '0' }];
    }),
  );
  return {
    thresholds,
    hasOwnThresholds: configuration.evictionHard !== undefined || configuration.evictionSoft !== undefined || reservedMemoryBytes > 0,
    transitionMs: durationOf(configuration.evictionPressureTransitionPeriod, DEFAULT_TRANSITION_MS),
    maxPodGraceSeconds: configuration.evictionMaxPodGracePeriod ?? 0,
    imageHighPercent: configuration.imageGCHighThresholdPercent ?? 85,
    imageLowPercent: configuration.imageGCLowThresholdPercent ?? 80,
    imageMinAgeMs: durationOf(configuration.imageMinimumGCAge, DEFAULT_IMAGE_AGE_MS),
    imageMaxAgeMs: durationOf(configuration.imageMaximumGCAge, 0),
    reservedMemoryBytes,
    logs: {
      maxBytes: value(configuration.containerLogMaxSize ?? DEFAULT_LOG_BYTES),
      maxFiles: configuration.containerLogMaxFiles ?? DEFAULT_LOG_FILES,
      intervalMs: durationOf(configuration.containerLogMonitorInterval, DEFAULT_LOG_INTERVAL_MS),
    },
  };
}

export const DEFAULT_SETTINGS = kubeletSettings();

function evictionHardOf({ evictionHard, mergeDefaultEvictionSettings = false }: KubeletConfiguration): Amounts {
  if (evictionHard === undefined) return DEFAULT_EVICTION_HARD;
  return mergeDefaultEvictionSettings ? { ...DEFAULT_EVICTION_HARD, ...evictionHard } : evictionHard;
}

/** A zero is as good as absent, as for the real defaults. */
function durationOf(text: string | undefined, otherwise: number): number {
  return parseDuration(text ?? '') || otherwise;
}

/** `5%` or `5Gi`. */
export function bytesOf(amount: string, capacityBytes: number): number {
  return amount.endsWith('%') ? Math.floor((Number.parseFloat(amount) / 100) * capacityBytes) : value(amount);
}

/**
 * What is left for Pods: the capacity but for what is reserved and for the hard thresholds.
 * Worked example: memory 8Gi, kubeReserved 1Gi, evictionHard memory.available 500Mi: 8192Mi - 1024Mi - 500Mi = 6668Mi.
 * @returns undefined if the configuration says nothing about that
 */
export function allocatableBy(configuration: KubeletConfiguration, capacity: Amounts): Record<string, string> | undefined {
  const { systemReserved, kubeReserved, evictionHard } = configuration;
  if (systemReserved === undefined && kubeReserved === undefined && evictionHard === undefined) return undefined;
  const kept = evictionHardOf(configuration);
  const left: Record<string, string> = { ...capacity };
  for (const [name, signal] of [
    ['cpu', ''],
    ['memory', 'memory.available'],
    ['ephemeral-storage', 'nodefs.available'],
  ] as const) {
    const total = capacity[name];
    if (total === undefined) continue;
    const reserved = milliValue(systemReserved?.[name]) + milliValue(kubeReserved?.[name]);
    const threshold = bytesOf(kept[signal] ?? '0', value(total));
    if (name === 'cpu') left[name] = formatQuantity(fromMilli(Math.max(0, milliValue(total) - reserved)));
    else left[name] = formatQuantity(fromValue(Math.max(0, value(total) - Math.ceil(reserved / 1000) - threshold), 'BinarySI'));
  }
  return left;
}

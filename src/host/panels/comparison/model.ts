/** The comparison of containers with virtual machines as a panel shows it. */

export interface ComparisonQuery {
  readonly surface: 'comparison';
  /** A host; undefined: the one with most running Pods. */
  readonly node: string | undefined;
}

export interface SideModel {
  /** How many of such programs the host has room for, and what stops one more. */
  readonly fits: number;
  readonly bound: 'memory' | 'pods';
  /** Of each, beyond the program itself. */
  readonly overheadBytes: number;
  /** What all of today's instances need. */
  readonly totalBytes: number;
  /** Undefined: none has started here. */
  readonly startMs: number | undefined;
  /** From the hardware up. */
  readonly layers: readonly string[];
  readonly isolation: string;
}

export interface SourceModel {
  readonly key: string;
  /** What the figure says. */
  readonly label: string;
  readonly text: string;
  /** Where it can be read. */
  readonly url: string;
}

export interface ComparisonModel {
  readonly host: string;
  /** Other hosts where Pods run. */
  readonly hosts: readonly { readonly key: string; readonly pods: number }[];
  readonly memoryBytes: number;
  readonly instances: number;
  /** Of one instance, on average. */
  readonly programBytes: number;
  readonly container: SideModel;
  readonly vm: SideModel;
  readonly microVm: { readonly startMs: number; readonly overheadBytes: number };
  readonly sources: readonly SourceModel[];
}

/** Which Pods run on a machine of their own that nobody looks after. */
export interface FargateProfile {
  readonly name: string;
  readonly selectors: readonly FargateSelector[];
}

/** Names and values may hold `*` for any characters and `?` for one. */
export interface FargateSelector {
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface FargateOptions {
  readonly profiles: readonly FargateProfile[];
  /** Machines are spread over these in turn. */
  readonly zones: readonly string[];
}

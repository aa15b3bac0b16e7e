/** The schema of a type as the API facts hold it: OpenAPI v3 without prose; `ref` names another definition. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  /** Of custom resources only; the prose of the other kinds is kept apart. */
  readonly description?: string;
  readonly ref?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
}

/** All definitions by name, and which definition a served kind has. */
export interface SchemaSet {
  readonly definitions: Readonly<Record<string, Schema>>;
  /** `apps/v1/Deployment` > name of the definition */
  readonly kinds: Readonly<Record<string, string>>;
}

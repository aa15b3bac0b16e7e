import type { Path } from '../apimachinery/field/path.ts';
import type { SchemaSet } from '../apimachinery/scheme/schema.ts';

/** One finding about an object, before it has a place in a text. */
export interface Problem {
  /** A FieldErrorType of the API server, or `UnknownField`, `DuplicateField`, `Decode`, `UnknownKind`, `Warning`. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly path: Path;
  readonly message: string;
}

/**
 * What a manifest is judged by: the API server's own decoding, defaulting and validation.
 * Promised: pure, the same object gives the same findings; never throws, whatever the value is.
 * Not promised: what only a cluster knows (that the namespace exists, that the name is free).
 */
export interface Judge {
  readonly schemas: SchemaSet;
  /** The resources that are served, as `apps/v1/Deployment`. */
  readonly kinds: ReadonlySet<string>;
  /** @param value a map with the texts `apiVersion` and `kind` of a served kind */
  judge(value: Readonly<Record<string, unknown>>): readonly Problem[];
}

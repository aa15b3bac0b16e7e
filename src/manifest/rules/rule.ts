/**
 * What a rule of good practice is: a name, a reason, how grave it is, and a function from a value to findings.
 * Invariant: pure, and never an error of the API server's; off until a person asks for it. Counterpart: the rules of linters of manifests.
 */
import type { Path } from '../../apimachinery/field/path.ts';
import type { Severity } from '../model.ts';

export interface RuleFinding {
  readonly path: Path;
  readonly message: string;
  /** The value that the field should have instead. */
  readonly fix?: { readonly title: string; readonly path: Path; readonly value: unknown };
}

/** What a rule looks at. */
export interface Subject {
  /** `apps/v1/Deployment` */
  readonly kind: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** Where the object stands in its document. */
  readonly at: () => Path;
  /** What makes Pods has the value of a Pod's spec, and its place. */
  readonly pod: PodSubject | undefined;
  /** Of what has replicas. */
  readonly around: Surroundings | undefined;
}

/** What the files and the cluster have that belongs to an object; where they are not known, nobody can tell. */
export interface Surroundings {
  /** Whether there is a PodDisruptionBudget for the object's Pods. */
  readonly hasBudget: boolean;
  /** The replicas that an autoscaler of the object leaves it at least; undefined: it has none. */
  readonly scaledTo: number | undefined;
}

export interface PodSubject {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly at: () => Path;
  readonly labels: Readonly<Record<string, string>>;
  /** Those that run the work, and those that run before; not the ephemeral ones. */
  readonly containers: readonly Container[];
}

export interface Container {
  readonly value: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly init: boolean;
  readonly at: () => Path;
}

export interface Rule {
  /** Lower case with dashes; what settings and comments name. */
  readonly id: string;
  /** Why one should keep to it, a sentence. */
  readonly reason: string;
  readonly severity: Severity;
  readonly check: (subject: Subject) => readonly RuleFinding[];
}

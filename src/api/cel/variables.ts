import type { Program } from '../../apimachinery/cel/compile.ts';
import { DYN, listOf, mapOf, objectType, type Type } from '../../apimachinery/cel/types.ts';
import { compileAdmission, type Expression, type Extras } from './admission.ts';

/**
 * The variables of a policy: each can use those before it, and is known by the type of its expression.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/cel/composition.go.
 */
export class Variables {
  /** Undefined where the expression is wrong. */
  readonly programs = new Map<string, Program | undefined>();
  private readonly types = new Map<string, Type>();
  readonly type = objectType('kubernetes.variables', (name) => this.types.get(name));

  add(name: string, source: string, extras: Extras): Expression {
    const compiled = compileAdmission(source, { ...extras, variables: this.type }, []);
    this.types.set(name, compiled.ok ? declared(compiled.program.type) : DYN);
    this.programs.set(name, compiled.ok ? compiled.program : undefined);
    return compiled;
  }
}

const PLAIN: ReadonlySet<string> = new Set(['bool', 'bytes', 'double', 'duration', 'int', 'null', 'string', 'timestamp', 'uint']);

/** Of types that are more than a shape, only that they are something is known. */
function declared(type: Type): Type {
  const [first = DYN, second = DYN] = type.params;
  if (type.kind === 'list') return listOf(declared(first));
  if (type.kind === 'map') return mapOf(declared(first), declared(second));
  return PLAIN.has(type.kind) ? type : DYN;
}

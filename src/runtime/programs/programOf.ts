import type { Container, Pod } from '../../api/schema/types/core/v1.ts';
import type { ContainerRecord } from '../container.ts';
import type { Described } from '../images/content.ts';
import { describedProgram } from './described.ts';
import { PROGRAM_ANNOTATION, type Program, type Start } from './grammar.ts';
import { parsedProgram } from './parsed.ts';
import { usualProgram, type Usual } from './wellKnown.ts';

type Named = Pick<Container, 'name' | 'image' | 'command' | 'args' | 'ports'>;

/** The program of a container: its annotation, else what its Image says, else what its image and command usually do. */
export function programOf(pod: Pod, container: Named, described?: Described): Program {
  const text = pod.metadata.annotations?.[PROGRAM_ANNOTATION + container.name];
  if (text !== undefined) return parsedProgram(text, false);
  if (described !== undefined) return describedProgram(container, described);
  return programOfUsual(usualProgram(container));
}

export function isScripted(pod: Pod, container: string): boolean {
  return pod.metadata.annotations?.[PROGRAM_ANNOTATION + container] !== undefined;
}

/** What the n-th start (from 0) of a container does. */
export function startOf(program: Program, attempt: number): Start {
  return program.starts[Math.min(attempt, program.starts.length - 1)] ?? { work: [] };
}

/** What one start of a container does. */
export function startOfRecord(
  pod: Pod,
  container: Named,
  { attempt, described, program }: Pick<ContainerRecord, 'attempt' | 'described' | 'program'>,
): Start {
  return program === undefined ? startOf(programOf(pod, container, described), attempt) : startOf(parsedProgram(program, false), 0);
}

/** A command runs for ever as far as anybody knows in advance. */
export function programOfUsual(usual: Usual): Program {
  if ('text' in usual) return parsedProgram(usual.text, usual.healthy);
  return { starts: [{ work: [{ do: 'run' }], command: usual.command }] };
}

import { programFor } from '../../process/exec.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';

/** The process goes on as another program. */
export function become(task: Task, words: readonly string[], environment: Readonly<Record<string, string>>, name: string): number | Wait {
  const program = programFor(task.machine, words, environment, task.cwd);
  if ('kind' in program) {
    task.become(words, environment, program);
    return 0;
  }
  task.complain(
    `${name}: ${name === 'env' ? `can't execute '${words[0] ?? ''}'` : (words[0] ?? '')}: ${program.text === 'not found' ? 'No such file or directory' : program.text}`,
  );
  return program.code;
}

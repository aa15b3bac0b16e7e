import { addFile, addPipe } from '../process/descriptors.ts';
import type { Task } from '../process/task.ts';
import type { ProcessRecord } from '../process/world.ts';
import { connect, subshell } from './fork.ts';
import { nodeOf } from './frames.ts';
import type { ShellState } from './state.ts';
import type { Node } from './syntax.ts';

/** Begins with a node. */
export function enter(task: Task, shell: ShellState, s: number, n: number): undefined {
  const node = nodeOf(shell, { s, n });
  const { frames } = shell;
  switch (node.kind) {
    case 'list':
    case 'andor':
      frames.push({ k: node.kind, s, n, i: 0 });
      return undefined;
    case 'simple':
      frames.push({ k: 'simple', s, n, memo: [], capture: -1 });
      return undefined;
    case 'for':
    case 'case':
    case 'arithmetic':
      frames.push({ k: 'expand', s, n, memo: [], capture: -1 });
      return undefined;
    case 'group':
      if (node.redirects.length === 0) return enter(task, shell, s, node.body);
      frames.push({ k: 'expand', s, n, memo: [], capture: -1 });
      return undefined;
    case 'if':
      frames.push({ k: 'if', s, n, i: 0, inBody: false });
      return undefined;
    case 'loop':
      frames.push({ k: 'loop', s, n, stage: 'condition', count: 0 });
      return undefined;
    case 'function':
      shell.functions[node.name] = { s, n: node.body };
      shell.status = 0;
      return undefined;
    case 'subshell': {
      const child = fork(task, shell, s, node.body);
      if (child !== undefined) frames.push({ k: 'children', pids: [child.pid], negated: false });
      return undefined;
    }
    case 'pipeline':
      return pipeline(task, shell, s, node);
  }
}

/** A copy of the shell that carries out a part of its script. */
export function fork(task: Task, shell: ShellState, s: number, n: number, background = false): ProcessRecord | undefined {
  const child = subshell(task, shell);
  if (child?.program.kind !== 'shell') return undefined;
  // Nobody types to what runs in the background.
  if (background) connect(task.kernel.world, child, 0, addFile(task.kernel.world, { kind: 'null', refs: 0 }));
  child.program.shell.frames.push({ k: 'enter', s, n });
  return child;
}

function pipeline(task: Task, shell: ShellState, s: number, { commands, negated }: Extract<Node, { kind: 'pipeline' }>): undefined {
  const [only] = commands;
  if (commands.length === 1 && only !== undefined) {
    shell.frames.push({ k: 'negate' });
    return enter(task, shell, s, only);
  }
  const { world } = task.kernel;
  const children: ProcessRecord[] = [];
  let input: number | undefined;
  for (const [index, command] of commands.entries()) {
    const child = fork(task, shell, s, command);
    if (child === undefined) break;
    if (input !== undefined) connect(world, child, 0, input);
    if (index < commands.length - 1) {
      const pipe = addPipe(world);
      connect(world, child, 1, pipe.write);
      input = pipe.read;
    }
    children.push(child);
  }
  shell.frames.push({ k: 'children', pids: children.map(({ pid }) => pid), negated });
  for (const child of children) if (child.exit === null) task.kernel.execute(child);
  return undefined;
}

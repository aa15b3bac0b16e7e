/** Open files of a world and who has them open: counted, so that the last who closes a pipe ends it. */
import type { OpenFile, ProcessRecord, World } from './world.ts';

export function openFile(world: World, { fds }: Pick<ProcessRecord, 'fds'>, fd: number): OpenFile | undefined {
  const number = fds[fd];
  return number === undefined ? undefined : world.open[number];
}

/** @returns its number, which nobody has yet */
export function addFile(world: World, file: OpenFile): number {
  const number = world.nextNumber++;
  world.open[number] = file;
  if (file.kind === 'pipe') count(world, file, 1);
  return number;
}

/** Somebody more has it. */
export function retain(world: World, number: number): void {
  const file = world.open[number];
  if (file !== undefined) file.refs++;
}

export function release(world: World, number: number): void {
  const file = world.open[number];
  if (file === undefined || --file.refs > 0) return;
  delete world.open[number];
  if (file.kind === 'pipe') count(world, file, -1);
}

/** The descriptor leads to another file from now on; null: to none. */
export function assign(world: World, proc: Pick<ProcessRecord, 'fds'>, fd: number, number: number | null): void {
  const former = proc.fds[fd];
  if (number !== null) {
    retain(world, number);
    proc.fds[fd] = number;
  } else delete proc.fds[fd];
  if (former !== undefined) release(world, former);
}

export function closeAll(world: World, proc: ProcessRecord): void {
  for (const fd of Object.keys(proc.fds)) {
    const number = proc.fds[fd];
    delete proc.fds[fd];
    if (number !== undefined) release(world, number);
  }
}

export function addPipe(world: World): { readonly read: number; readonly write: number } {
  const pipe = world.nextNumber++;
  world.pipes[pipe] = { bytes: '', readers: 0, writers: 0 };
  const read = addFile(world, { kind: 'pipe', pipe, end: 'read', refs: 0 });
  return { read, write: addFile(world, { kind: 'pipe', pipe, end: 'write', refs: 0 }) };
}

function count(world: World, file: Extract<OpenFile, { kind: 'pipe' }>, by: 1 | -1): void {
  const pipe = world.pipes[file.pipe];
  if (pipe === undefined) return;
  if (file.end === 'read') pipe.readers += by;
  else pipe.writers += by;
  if (pipe.readers === 0 && pipe.writers === 0) delete world.pipes[file.pipe];
}

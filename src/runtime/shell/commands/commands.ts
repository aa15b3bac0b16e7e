/** The programs that images have. */
import type { Command } from '../process.ts';
import { fileCommands } from './files.ts';
import { systemCommands } from './system.ts';
import { tarCommands } from './tar.ts';
import { textCommands } from './text.ts';

export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({ ...fileCommands, ...textCommands, ...systemCommands, ...tarCommands }),
);

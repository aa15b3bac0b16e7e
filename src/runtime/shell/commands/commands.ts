/** The programs that images have. */
import type { Command } from '../../process/machine.ts';
import { awkCommands } from './awk.ts';
import { clientCommands } from './clients.ts';
import { fileCommands } from './files.ts';
import { httpCommands } from './http.ts';
import { loadCommands } from './load.ts';
import { miscCommands } from './misc.ts';
import { netCommands } from './net.ts';
import { packageCommands } from './packages.ts';
import { processCommands } from './processes.ts';
import { sedCommands } from './sed.ts';
import { systemCommands } from './system.ts';
import { tarCommands } from './tar.ts';
import { textCommands } from './text.ts';

export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...fileCommands,
    ...textCommands,
    ...sedCommands,
    ...systemCommands,
    ...processCommands,
    ...miscCommands,
    ...netCommands,
    ...httpCommands,
    ...packageCommands,
    ...loadCommands,
    ...tarCommands,
    ...awkCommands,
    ...clientCommands,
  }),
);

/**
 * What is kept of the processes in containers: their worlds, the lines they have written, the files they have changed.
 * Invariant: plain data, copied by whoever changes it after a snapshot; what belongs to a Pod goes with it.
 */
import type { Json, JsonObject } from '../../base/json.ts';
import { RecordMap } from '../../base/recordMap.ts';
import type { Layer } from '../../runtime/files/fileSystem.ts';
import type { LogLine, World } from '../../runtime/process/world.ts';

/** Lines of a log are put away in blocks, so that a long one costs nothing when the next line is written. */
const BLOCK_LINES = 200;
const KEPT_BLOCKS = 25;

interface Block {
  readonly id: string;
  readonly lines: LogLine[];
}

interface Files {
  readonly owner: string;
  readonly layers: Record<string, Layer>;
}

export interface WrittenLog {
  /** How many lines were written before those that are kept. */
  readonly dropped: number;
  /** How many lines were written into files before the one that is written now; not less than `dropped`. */
  readonly former: number;
  readonly lines: readonly LogLine[];
}

export class Worlds {
  /** How often somebody outside the simulation has done something to a container. Not part of what is stored. */
  outsideActs = 0;
  private readonly worlds = new RecordMap<World>();
  private readonly blocks = new RecordMap<Block>();
  /** By whom they belong to: a Pod, a claim, a node. */
  private readonly files = new RecordMap<Files>();
  /** Asked for within the event that writes. */
  private readonly changed = new Set<string>();

  find(id: string): World | undefined {
    return this.worlds.get(id);
  }

  /** For reading. */
  peek(id: string): Readonly<World> | undefined {
    return this.worlds.peek(id);
  }

  add(world: World): void {
    this.worlds.set(world.id, world);
  }

  /** Takes the log's lines that have become many out of the world. */
  putAway(world: World): void {
    while (world.lines.length >= BLOCK_LINES) {
      const id = blockId(world.id, world.blocks++);
      this.blocks.set(id, { id, lines: world.lines.splice(0, BLOCK_LINES) });
      this.blocks.delete(blockId(world.id, world.blocks - 1 - KEPT_BLOCKS));
    }
  }

  /** The lines that are kept, and how many there were before them. */
  log(id: string): Omit<WrittenLog, 'former'> {
    const world = this.worlds.peek(id);
    return { dropped: Math.max((world?.blocks ?? 0) - KEPT_BLOCKS, 0) * BLOCK_LINES, lines: this.lines(id) };
  }

  lines(id: string): readonly LogLine[] {
    const world = this.worlds.peek(id);
    if (world === undefined) return [];
    const all: LogLine[] = [];
    for (let index = Math.max(world.blocks - KEPT_BLOCKS, 0); index < world.blocks; index++)
      all.push(...(this.blocks.peek(blockId(id, index))?.lines ?? []));
    return [...all, ...world.lines];
  }

  /** Forgets a container. */
  drop(id: string): void {
    const world = this.worlds.peek(id);
    if (world === undefined) return;
    for (let index = Math.max(world.blocks - KEPT_BLOCKS, 0); index < world.blocks; index++) this.blocks.delete(blockId(id, index));
    this.worlds.delete(id);
  }

  layer(owner: string, name: string): Readonly<Layer> {
    return this.files.peek(owner)?.layers[name] ?? NOTHING;
  }

  changeLayer(owner: string, name: string): Layer {
    this.changed.add(owner);
    let files = this.files.get(owner);
    if (files === undefined) this.files.set(owner, (files = { owner, layers: {} }));
    return (files.layers[name] ??= {});
  }

  /** Whether any of the owners' files was written since the last call. */
  takeChanged(owners: readonly string[]): boolean {
    return owners.filter((owner) => this.changed.delete(owner)).length > 0;
  }

  /** All layers of an owner; for reading. */
  layersOf(owner: string): Readonly<Record<string, Layer>> {
    return this.files.peek(owner)?.layers ?? {};
  }

  dropFiles(owner: string): void {
    this.files.delete(owner);
  }

  /** Drops the layers whose names begin so. */
  dropLayers(owner: string, prefix: string): void {
    const names = Object.keys(this.layersOf(owner)).filter((name) => name.startsWith(prefix));
    const layers = names.length === 0 ? undefined : this.files.get(owner)?.layers;
    for (const name of names) delete layers?.[name];
  }

  /** A Pod's files go over to another object of it. */
  moveFiles(from: string, to: string): void {
    const files = this.files.get(from);
    if (files === undefined) return;
    this.files.delete(from);
    this.files.set(to, { ...files, owner: to });
  }

  checkpoint(): JsonObject {
    return {
      worlds: this.worlds.snapshot() as unknown as Json,
      blocks: this.blocks.snapshot() as unknown as Json,
      files: this.files.snapshot() as unknown as Json,
    };
  }

  restore(memory: Json): void {
    const { worlds = [], blocks = [], files = [] } = memory as unknown as { worlds?: World[]; blocks?: Block[]; files?: Files[] };
    this.worlds.restore(worlds, ({ id }) => id);
    this.blocks.restore(blocks, ({ id }) => id);
    this.files.restore(files, ({ owner }) => owner);
  }
}

const NOTHING: Readonly<Layer> = {};

function blockId(id: string, index: number): string {
  return `${id}/${index}`;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EdgeModel, MapModel, MapQuery, NodeModel } from '../../../../../src/host/panels/map/model.ts';
import { WHOLE_MAP } from '../../../../../src/webview/map/protocol.ts';
import { mapSource, type MapWorld } from '../../../../../src/host/panels/map/source.ts';

const samples = join(import.meta.dirname, '../../../../../samples');

/** The text of a sample's file. */
export function sample(path: string): string {
  return readFileSync(join(samples, path), 'utf8');
}

export interface Look {
  (query?: Partial<MapQuery>): MapModel;
}

/** A map that is looked at again and again, as by an open panel. */
export function lookerAt(world: MapWorld): Look {
  const source = mapSource(() => world);
  return (query = {}) => source.picture({ ...WHOLE_MAP, ...query }) as MapModel;
}

/** `Service hello: 10.96.0.1`, without the ends of names that are drawn. */
export function lines(nodes: readonly NodeModel[]): readonly string[] {
  return nodes.map(({ kind, name, status, parent }) => `${parent === undefined ? '' : '  '}${kind} ${shortName(name)}: ${status}`);
}

export function ways(edges: readonly EdgeModel[]): readonly string[] {
  return edges.map(({ from, to, tone, text }) => `${shortName(from)} > ${shortName(to)} ${tone} ${text}`);
}

function shortName(name: string): string {
  return name.replace(/-[a-z0-9]{8,10}-[a-z0-9]{5}$/, '-*').replace(/-[a-z0-9]{5}$/, '-*');
}

export function nodeAt(model: MapModel, key: string): NodeModel {
  const found = model.nodes.find((node) => node.key === key);
  if (found === undefined) throw new Error(`no ${key} among ${model.nodes.map((node) => node.key).join()}`);
  return found;
}

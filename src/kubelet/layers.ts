import { cloneJson, type Json } from '../base/json.ts';
import type { Layer } from '../runtime/files/fileSystem.ts';

/** Files that containers wrote, by whom they belong to: `pod/UID/…`, `claim/…`, `node/…`. */
export class Layers {
  private layers: Record<string, Layer> = {};

  of(key: string): Layer {
    return (this.layers[key] ??= {});
  }

  /** Those of a Pod that is gone. */
  drop(uid: string): void {
    for (const key of this.keysOf(uid)) delete this.layers[key];
  }

  /** A Pod's go over to another object of it. */
  move(from: string, to: string): void {
    for (const key of this.keysOf(from)) {
      const layer = this.layers[key];
      if (layer !== undefined) this.layers[key.replace(from, to)] = layer;
      delete this.layers[key];
    }
  }

  checkpoint(): Json {
    return cloneJson(this.layers) as unknown as Json;
  }

  restore(memory: Json): void {
    this.layers = cloneJson(memory as unknown as Record<string, Layer>);
  }

  private keysOf(uid: string): readonly string[] {
    return Object.keys(this.layers).filter((key) => key.startsWith(`pod/${uid}/`));
  }
}

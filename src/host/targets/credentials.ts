/**
 * Who the user is to a real cluster: what a kubeconfig leads to, asked for once for all requests that wait for it together.
 * Invariant: a program that a kubeconfig names runs once at a time; after it failed, or the server refused what it said, not again at once.
 * Counterpart: client-go's exec authenticator, whose refreshes are single, too.
 */
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';

export interface Signed {
  readonly config: KubeConfig;
  readonly server: string;
  /** Headers and keys; to be copied, not changed. */
  readonly options: RequestOptions;
}

/** A program may open a browser: many lists that are lost together must not do so again and again. */
const AGAIN_MS = 15_000;

export class Credentials {
  private readonly read: () => object;
  private readonly now: () => number;
  private config: KubeConfig | undefined;
  private asked: Promise<Signed> | undefined;
  private failed: { readonly at: number; readonly error: unknown } | undefined;
  private renewedAt = Number.NEGATIVE_INFINITY;

  /** @param read the kubeconfig as it is now, with the wanted context alone; throws if there is none any more */
  constructor(read: () => object, now: () => number = () => performance.now()) {
    this.read = read;
    this.now = now;
  }

  async get(): Promise<Signed> {
    const { failed } = this;
    if (failed !== undefined && this.now() - failed.at < AGAIN_MS) throw failed.error;
    this.failed = undefined;
    this.asked ??= this.ask();
    return this.asked;
  }

  /** The server did not take these. @returns whether it is worth asking with others: they are read anew, by whoever is the first to say so */
  renew({ config }: Signed): boolean {
    if (config !== this.config) return true;
    if (this.now() - this.renewedAt < AGAIN_MS) return false;
    this.renewedAt = this.now();
    this.config = undefined;
    return true;
  }

  private async ask(): Promise<Signed> {
    try {
      const config = (this.config ??= this.load());
      const server = config.getCurrentCluster()?.server;
      if (server === undefined) throw new Error('the kubeconfig names no server');
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      // Only a kubeconfig can turn this off: an environment variable of Node is none that kubectl knows.
      options.rejectUnauthorized ??= true;
      return { config, server, options };
    } catch (error) {
      this.config = undefined;
      this.failed = { at: this.now(), error };
      throw error;
    } finally {
      this.asked = undefined;
    }
  }

  private load(): KubeConfig {
    const config = new KubeConfig();
    // JSON is YAML.
    config.loadFromString(JSON.stringify(this.read()));
    return config;
  }
}

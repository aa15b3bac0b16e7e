import type { Json, JsonObject } from '../base/json.ts';
import type { ApiServer } from '../apiserver/apiServer.ts';
import type { RequestContext } from '../apiserver/request.ts';
import { Client } from '../client/client.ts';
import { EventRecorder } from '../client/eventRecorder.ts';

const NAME = 'kubelet';

/** As whom the kubelets speak to the API server: each as its node. Made when first used; 5,000 nodes are seldom all heard of. */
export class Identities {
  private readonly api: ApiServer;
  private readonly now: () => number;
  private readonly clients = new Map<string, Client>();
  private readonly contexts = new Map<string, RequestContext>();
  private readonly recorders = new Map<string, EventRecorder>();

  constructor(api: ApiServer, now: () => number) {
    this.api = api;
    this.now = now;
  }

  client(node: string): Client {
    let client = this.clients.get(node);
    if (client === undefined) this.clients.set(node, (client = new Client(this.api, ...identity(node))));
    return client;
  }

  context(node: string): RequestContext {
    let context = this.contexts.get(node);
    if (context === undefined) {
      const [name, groups, fieldManager] = identity(node);
      this.contexts.set(node, (context = { user: { name, groups }, fieldManager }));
    }
    return context;
  }

  recorder(node: string): EventRecorder {
    let recorder = this.recorders.get(node);
    if (recorder === undefined) {
      recorder = new EventRecorder(this.client(node), { component: NAME, host: node }, this.now);
      this.recorders.set(node, recorder);
    }
    return recorder;
  }

  /** What the recorders remember of earlier events. */
  checkpoint(): Json {
    return Object.fromEntries([...this.recorders].map(([node, recorder]) => [node, recorder.checkpoint()]));
  }

  restore(memory: Json): void {
    this.recorders.clear();
    for (const [node, recorder] of Object.entries(memory as JsonObject)) this.recorder(node).restore(recorder ?? {});
  }
}

function identity(node: string): [name: string, groups: readonly string[], fieldManager: string] {
  return [`system:node:${node}`, ['system:nodes', 'system:authenticated'], NAME];
}

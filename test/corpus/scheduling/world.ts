import { applyPatch, type Operation } from 'rfc6902';
import { decodeValue } from '../../../src/api/decodeBody.ts';
import { STRATEGIES } from '../../../src/api/register.ts';
import type { Draft } from '../../../src/base/json.ts';
import type { Status } from '../../../src/apimachinery/errors/status.ts';
import type { KubeObject } from '../../../src/apimachinery/meta/resource.ts';
import { ADMISSION_PLUGINS } from '../../../src/apiserver/admission/chain.ts';
import { ApiServer } from '../../../src/apiserver/apiServer.ts';
import { bootstrap } from '../../../src/apiserver/bootstrap.ts';
import type { Outcome, RequestContext } from '../../../src/apiserver/request.ts';
import type { Strategy } from '../../../src/api/strategy.ts';
import { createControllers } from '../../../src/controllers/descriptors.ts';
import { createScheduler } from '../../../src/scheduler/scheduler.ts';
import { Simulation } from '../../../src/sim/simulation.ts';
import type { Manifest } from './case.ts';

const CONTEXT: RequestContext = { user: { name: 'admin', groups: ['system:masters'] }, fieldManager: 'corpus' };
const BY_KIND: ReadonlyMap<string, Strategy> = new Map([...STRATEGIES.values()].map((strategy) => [strategy.resource.kind, strategy]));

/** An API server, a scheduler, and the keepers of disruption budgets and of claims; the rest of the cluster is played by the replay, as the recording's runner did. */
export class World {
  readonly simulation = new Simulation({ seed: 'corpus', startTime: Date.UTC(2026, 0, 1) });
  readonly api = new ApiServer({ simulation: this.simulation, strategies: STRATEGIES, admission: ADMISSION_PLUGINS, freeze: true });
  readonly scheduler = createScheduler({ simulation: this.simulation, api: this.api });

  constructor() {
    bootstrap(this.api);
    const { simulation, api } = this;
    // The recording's budgets and claims were kept by the real controllers.
    for (const component of createControllers({
      simulation,
      api,
      options: { controllers: ['disruption-controller', 'persistentvolume-binder-controller'] },
    })) {
      simulation.register(component);
    }
    simulation.register(this.scheduler);
    this.simulation.start();
  }

  strategy(kind: string): Strategy {
    const strategy = BY_KIND.get(kind);
    if (strategy === undefined) throw new Error(`kind ${kind} is not served`);
    return strategy;
  }

  create(manifest: Manifest): Outcome<KubeObject> {
    const { resource } = this.strategy(manifest.kind);
    const decoded = decodeValue(resource, manifest, 'Strict');
    if (!decoded.ok) return { ok: false, status: decoded.status, warnings: [] };
    const namespace = resource.namespaced ? ((manifest.metadata['namespace'] as string | undefined) ?? 'default') : '';
    return this.api.create(CONTEXT, resource, namespace, decoded.object);
  }

  /** A merge patch. */
  patch(kind: string, namespace: string, name: string, patch: unknown, subresource = ''): Status | undefined {
    return this.change(kind, namespace, name, (object) => mergePatch(object, patch), subresource);
  }

  change(kind: string, namespace: string, name: string, patched: (object: unknown) => unknown, subresource = ''): Status | undefined {
    const { resource } = this.strategy(kind);
    const outcome = this.api.update(CONTEXT, resource, resource.namespaced ? namespace : '', name, subresource, (object) => {
      const decoded = decodeValue(resource, patched(object), 'Strict');
      return decoded.ok
        ? { ok: true, code: 200, object: decoded.object, warnings: [] }
        : { ok: false, status: decoded.status, warnings: [] };
    });
    return outcome.ok ? undefined : outcome.status;
  }

  get(kind: string, namespace: string, name: string): KubeObject | undefined {
    const { resource } = this.strategy(kind);
    const outcome = this.api.get(resource, resource.namespaced ? namespace : '', name);
    return outcome.ok ? outcome.object : undefined;
  }

  delete(kind: string, namespace: string, name: string): void {
    const { resource } = this.strategy(kind);
    this.api.delete(CONTEXT, resource, resource.namespaced ? namespace : '', name, { gracePeriodSeconds: 0 });
  }

  /** Lets everything that is due now, and up to `ms` of virtual time, happen. */
  run(ms = 0): void {
    this.simulation.advance(this.simulation.now() + ms);
  }
}

/** RFC 6902. */
export function jsonPatch(operations: unknown): (object: unknown) => unknown {
  return (object) => {
    applyPatch(object, structuredClone(operations) as Operation[]);
    return object;
  };
}

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result as Draft<KubeObject>;
}

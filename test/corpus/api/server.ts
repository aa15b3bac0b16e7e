/**
 * An API server in this process as the corpus wants it: fresh, with the objects of fixtures.yaml, no controllers, no nodes.
 * Requests have the shape of HTTP ones but nothing leaves the process.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { checkName, checkNamespace, decodeBody, type FieldValidation } from '../../../src/api/decodeBody.ts';
import { STRATEGIES, strategyOf } from '../../../src/api/register.ts';
import { SCHEME, nodeOf } from '../../../src/api/scheme.ts';
import type { Strategy } from '../../../src/api/strategy.ts';
import { failure, invalid, type Status } from '../../../src/apimachinery/errors/status.ts';
import { notSupported } from '../../../src/apimachinery/field/error.ts';
import { Path } from '../../../src/apimachinery/field/path.ts';
import { groupResource, objectKey } from '../../../src/apimachinery/meta/resource.ts';
import { toWire } from '../../../src/apimachinery/scheme/wire.ts';
import { ADMISSION_PLUGINS } from '../../../src/apiserver/admission/chain.ts';
import { ApiServer } from '../../../src/apiserver/apiServer.ts';
import { bootstrap } from '../../../src/apiserver/bootstrap.ts';
import type { RequestContext } from '../../../src/apiserver/request.ts';
import { Simulation } from '../../../src/sim/simulation.ts';
import { dump, isObject } from './json.ts';

export interface Reply {
  readonly code: number;
  readonly object: unknown;
  readonly warnings: readonly string[];
}

export interface Server {
  call(method: 'POST' | 'PUT' | 'GET', path: string, body?: unknown, options?: CallOptions): Reply;
  /** Removes an object without asking its finalizers. */
  remove(path: string): void;
}

export interface CallOptions {
  readonly contentType?: string;
  readonly params?: Readonly<Record<string, string>>;
}

interface Target {
  readonly strategy: Strategy;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

export function startServer(): Server {
  const simulation = new Simulation({ seed: 'corpus', startTime: Date.UTC(2026, 0, 1) });
  const api = new ApiServer({ simulation, strategies: STRATEGIES, admission: ADMISSION_PLUGINS });
  bootstrap(api);
  const server = new InProcess(api);
  server.fixtures();
  return server;
}

class InProcess implements Server {
  private readonly api: ApiServer;

  constructor(api: ApiServer) {
    this.api = api;
  }

  fixtures(): void {
    const text = readFileSync(join(import.meta.dirname, 'data/fixtures.yaml'), 'utf8');
    for (const document of parseAllDocuments(text)) {
      const object = document.toJS() as { apiVersion: string; kind: string; metadata: { namespace?: string; name: string } };
      const fact = [...STRATEGIES.values()].find(({ resource }) => resource.kind === object.kind);
      if (fact === undefined) continue;
      const reply = this.call('POST', collectionPath(object.apiVersion, object.metadata.namespace, fact.resource.plural), object);
      if (reply.code >= 300) throw new Error(`fixture ${object.kind} ${object.metadata.name}: ${JSON.stringify(reply.object)}`);
    }
  }

  call(method: 'POST' | 'PUT' | 'GET', path: string, body?: unknown, options: CallOptions = {}): Reply {
    const target = this.parsePath(path);
    if (target === undefined) return answer(404, failure(404, 'NotFound', 'the server could not find the requested resource', {}));
    if (method === 'GET') {
      const found = this.api.registry.get(target.strategy, target.namespace, target.name);
      return found.ok ? { code: 200, object: this.written(target.strategy, found.object), warnings: [] } : answer(404, found.status);
    }
    const params = options.params ?? {};
    const mode = params['fieldValidation'] ?? 'Strict';
    const deprecated = deprecation(target.strategy);
    if (!['', 'Ignore', 'Strict', 'Warn'].includes(mode)) {
      const error = notSupported(Path.of('fieldValidation'), mode, ['', 'Ignore', 'Strict', 'Warn']);
      const kind = method === 'POST' ? 'CreateOptions' : 'UpdateOptions';
      return answer(422, invalid({ group: 'meta.k8s.io', kind }, '', [error]));
    }
    const text = typeof body === 'string' ? body : dump(body);
    const decoded = decodeBody(
      target.strategy.resource,
      text,
      options.contentType ?? 'application/json',
      (mode === '' ? 'Warn' : mode) as FieldValidation,
    );
    if (!decoded.ok) return answer(decoded.status.code, decoded.status, deprecated);
    const { object } = decoded;
    const warnings = [...deprecated, ...decoded.warnings];
    const mismatch =
      (method === 'PUT' ? checkName(object, target.name) : undefined) ??
      checkNamespace(object, target.strategy.resource.namespaced, target.namespace);
    if (mismatch !== undefined) return answer(400, mismatch, warnings);
    const context: RequestContext = {
      user: { name: 'corpus', groups: ['system:masters', 'system:authenticated'] },
      fieldManager: 'corpus',
      dryRun: params['dryRun'] === 'All',
    };
    const outcome =
      method === 'POST'
        ? this.api.registry.create(context, target.strategy, target.namespace, object)
        : this.api.registry.update(context, target.strategy, target.namespace, target.name, target.subresource, { replacement: object });
    const all = [...warnings, ...outcome.warnings];
    if (!outcome.ok) return answer(outcome.status.code, outcome.status, all);
    return { code: outcome.code, object: this.written(target.strategy, outcome.object), warnings: all };
  }

  remove(path: string): void {
    const target = this.parsePath(path);
    if (target === undefined) return;
    const resource = groupResource(target.strategy.resource);
    const object = this.api.store.get(resource, objectKey(target.namespace, target.name));
    if (object === undefined) return;
    const context: RequestContext = { user: { name: 'corpus', groups: ['system:masters'] }, fieldManager: 'corpus' };
    const { strategy, namespace, name } = target;
    this.api.registry.delete(context, strategy, namespace, name, { gracePeriodSeconds: 0, propagationPolicy: 'Background' });
    const rest = this.api.store.get(resource, objectKey(namespace, name));
    if (rest !== undefined) this.api.store.write({ type: 'DELETED', resource, object: rest, actor: 'corpus', verb: 'delete' });
  }

  /** `/apis/apps/v1/namespaces/default/deployments/web/status` */
  private parsePath(path: string): Target | undefined {
    const parts = path.split('/').slice(1).map(decodeURIComponent);
    const core = parts[0] === 'api';
    const group = core ? '' : (parts[1] ?? '');
    const version = (core ? parts[1] : parts[2]) ?? '';
    const strategyOfPlural = (plural: string): Strategy | undefined => {
      const served = this.api.catalog.find(group, version, plural);
      return served === undefined ? undefined : (served.strategy ?? strategyOf(group, version, plural));
    };
    let rest = parts.slice(core ? 2 : 3);
    let namespace = '';
    if (rest[0] === 'namespaces' && rest.length > 2 && strategyOfPlural(rest[2] ?? '') !== undefined) {
      namespace = rest[1] ?? '';
      rest = rest.slice(2);
    }
    const [plural = '', name = '', subresource = ''] = rest;
    const strategy = strategyOfPlural(plural);
    return strategy === undefined ? undefined : { strategy, namespace, name, subresource };
  }

  private written(strategy: Strategy, object: unknown): unknown {
    const node = nodeOf(strategy.resource);
    return node === undefined ? object : toWire(node, object);
  }
}

function deprecation({ resource, deprecated }: Strategy): readonly string[] {
  if (deprecated !== undefined) return [deprecated];
  return resource.group === '' && resource.kind === 'Endpoints'
    ? ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice']
    : [];
}

function answer(code: number, status: Status, warnings: readonly string[] = []): Reply {
  return { code, object: status, warnings };
}

function collectionPath(apiVersion: string, namespace: string | undefined, plural: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
}

export function kindIsKnown(manifest: unknown): boolean {
  return isObject(manifest) && SCHEME.kind(String(manifest['apiVersion']), String(manifest['kind'])) !== undefined;
}

/** A request as expressions see it. Counterpart: CreateAdmissionRequest of k8s.io/apiserver/pkg/admission/plugin/cel. */
import { nodeOf } from '../../../../api/scheme.ts';
import type { Strategy } from '../../../../api/strategy.ts';
import { AuthorizerValue, ResourceCheck, type Authorize } from '../../../../apimachinery/cel/library/authz.ts';
import { apiVersion, groupResource, type KubeObject } from '../../../../apimachinery/meta/resource.ts';
import { toWire } from '../../../../apimachinery/scheme/wire.ts';
import type { UserInfo } from '../../../request.ts';
import type { AdmissionAttributes, AdmissionWorld } from '../../plugin.ts';
import { valueOf, type Bindings } from './evaluation.ts';

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
const OPTIONS = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const;

/** Everything but the parameters. */
export function requestBindings(attributes: AdmissionAttributes, world: AdmissionWorld): Bindings {
  const { strategy, subresource, name, object, old } = attributes;
  const { group, plural } = strategy.resource;
  const namespace = groupResource(strategy.resource) === 'namespaces' ? '' : attributes.namespace;
  const authorizer = new AuthorizerValue(authorizeFor(attributes.user, world));
  return {
    object: valueOf(shown(strategy, subresource, object)),
    oldObject: valueOf(shown(strategy, subresource, old)),
    request: valueOf(requestOf(attributes)),
    namespaceObject: valueOf(namespace === '' ? undefined : world.store.get('namespaces', namespace)),
    authorizer,
    'authorizer.requestResource': new ResourceCheck(authorizer, {
      group,
      resource: plural,
      subresource,
      namespace: attributes.namespace,
      name,
    }),
  };
}

/** An object as JSON, as it goes over the wire. */
export function shown(strategy: Strategy, subresource: string, object: KubeObject | undefined): object | undefined {
  if (object === undefined) return undefined;
  if (subresource === 'scale' && strategy.scale !== undefined) return scaleOf(strategy.scale.get(object), object);
  const { resource } = strategy;
  const node = nodeOf(resource);
  return { apiVersion: apiVersion(resource), kind: resource.kind, ...(node === undefined ? object : (toWire(node, object) as object)) };
}

function scaleOf(
  { specReplicas, statusReplicas, selector }: { readonly specReplicas: number; readonly statusReplicas: number; readonly selector: string },
  { metadata }: KubeObject,
): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: specReplicas },
    status: { replicas: statusReplicas, ...(selector === '' ? {} : { selector }) },
  };
}

function requestOf({ strategy, subresource, name, namespace, operation, user, dryRun }: AdmissionAttributes): object {
  const { group, version, plural, kind } = strategy.resource;
  const asKind = subresource === 'scale' ? SCALE : { group, version, kind };
  const resource = { group, version, resource: plural };
  const { extra = {} } = user;
  return {
    kind: asKind,
    resource,
    ...(subresource === '' ? {} : { subResource: subresource }),
    requestKind: asKind,
    requestResource: resource,
    ...(subresource === '' ? {} : { requestSubResource: subresource }),
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid === undefined ? {} : { uid: user.uid }),
      groups: user.groups,
      ...(Object.keys(extra).length === 0 ? {} : { extra }),
    },
    object: null,
    oldObject: null,
    dryRun,
    options: { kind: OPTIONS[operation], apiVersion: 'meta.k8s.io/v1' },
  };
}

function authorizeFor(user: UserInfo, { authorizer }: AdmissionWorld): Authorize {
  return (act, serviceAccount) => authorizer.authorize(serviceAccount === undefined ? user : asUser(serviceAccount), act);
}

function asUser({ namespace, name }: { readonly namespace: string; readonly name: string }): UserInfo {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

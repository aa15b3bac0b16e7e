/**
 * Discovery: which groups, versions and resources there are, in the old form (one document per version) and aggregated.
 * Invariant: the documents follow from the served resources alone; their ETag changes with the stored definitions of custom resources and with nothing else.
 * Counterpart: k8s.io/apiserver/pkg/endpoints/discovery.
 */
import { answer, refuse, resourceNotFound } from '../answer.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { acceptedRanges } from '../negotiation.ts';
import type { Catalog } from '../../catalog.ts';
import type { ServedGroup, ServedResource, Subresource } from '../served.ts';
import { contentHash } from './contentHash.ts';

export function discover(request: HttpRequest, catalog: Catalog): HttpResponse | undefined {
  const parts = request.path.split('/').filter((part) => part !== '');
  const [prefix, first, second] = parts;
  if (prefix === 'api') {
    if (parts.length === 1)
      return aggregated(request, [{ group: '', preferred: 'v1', versions: ['v1'] }], catalog) ?? answer(apiVersions(request));
    return parts.length === 2 && catalog.isServedVersion('', first ?? '')
      ? answer(resourceList(catalog, '', first ?? ''))
      : refuse(resourceNotFound());
  }
  if (prefix !== 'apis') return undefined;
  const groups = catalog.groups();
  if (first === undefined) return aggregated(request, groups, catalog) ?? answer(groupList(groups));
  const group = groups.find((entry) => entry.group === first);
  if (group === undefined) return undefined;
  if (second === undefined) return answer({ kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) });
  return group.versions.includes(second) ? answer(resourceList(catalog, first, second)) : refuse(resourceNotFound());
}

/** The server is where the client found it. */
function apiVersions({ headers }: HttpRequest): object {
  const serverAddress = headers['host'] ?? '127.0.0.1:6443';
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }] };
}

function groupList(groups: readonly ServedGroup[]): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(apiGroup) };
}

function apiGroup({ group, versions, preferred }: ServedGroup): object {
  const forDiscovery = (version: string): object => ({ groupVersion: `${group}/${version}`, version });
  return { name: group, versions: versions.map(forDiscovery), preferredVersion: forDiscovery(preferred) };
}

function resourceList(catalog: Catalog, group: string, version: string): object {
  const resources = catalog
    .resourcesOf(group, version)
    .flatMap((resource) => [apiResource(resource), ...resource.subresources.map((sub) => subresource(resource, sub))]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: group === '' ? version : `${group}/${version}`, resources };
}

function apiResource({ type, singular, shortNames, categories, verbs, storageVersionHash }: ServedResource): object {
  return {
    name: type.plural,
    singularName: singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(storageVersionHash === '' ? {} : { storageVersionHash }),
  };
}

function subresource({ type }: ServedResource, { name, group, version, kind, verbs }: Subresource): object {
  return {
    name: `${type.plural}/${name}`,
    singularName: '',
    namespaced: type.namespaced,
    ...(version === '' ? {} : { group, version }),
    kind,
    verbs,
  };
}

/** The aggregated form, if the client asks for it before the old one. */
function aggregated(request: HttpRequest, groups: readonly ServedGroup[], catalog: Catalog): HttpResponse | undefined {
  const wanted = acceptedRanges(request.headers['accept'])[0]?.parameters;
  if (wanted?.get('as') !== 'APIGroupDiscoveryList' || wanted.get('g') !== 'apidiscovery.k8s.io') return undefined;
  const version = wanted.get('v') ?? 'v2';
  const document = answer({
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => groupDiscovery(group, catalog)),
  });
  const etag = `"${contentHash(document.body)}"`;
  const headers = {
    'Content-Type': `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    ETag: etag,
    Vary: 'Accept',
    'Cache-Control': 'public',
  };
  if (request.headers['if-none-match'] === etag) return { ...document, code: 304, headers, body: '' };
  return { ...document, headers };
}

function groupDiscovery({ group, versions }: ServedGroup, catalog: Catalog): object {
  return {
    metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
    versions: versions.map((version) => ({
      version,
      resources: catalog.resourcesOf(group, version).map(resourceDiscovery),
      freshness: 'Current',
    })),
  };
}

function resourceDiscovery({ type, singular, shortNames, categories, verbs, subresources }: ServedResource): object {
  return {
    resource: type.plural,
    responseKind: { group: type.group, version: type.version, kind: type.kind },
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map((sub) => ({
            subresource: sub.name,
            responseKind: {
              group: sub.version === '' ? type.group : sub.group,
              version: sub.version === '' ? type.version : sub.version,
              kind: sub.kind,
            },
            verbs: sub.verbs,
          })),
        }),
  };
}

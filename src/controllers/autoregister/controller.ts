/**
 * Keeps an APIService for each served version of each group of custom resources.
 * Invariant: it writes only those that carry its label, so one that a person has made of the same name stays as it is.
 * Counterpart: k8s.io/kubernetes/pkg/controlplane/controller/crdregistration, k8s.io/kube-aggregator/pkg/controllers/autoregister.
 */
import { CUSTOM_PRIORITY } from '../../api/apiregistration/apiservice/priorities.ts';
import { APISERVICES, CUSTOMRESOURCEDEFINITIONS } from '../../api/schema/resources.ts';
import type { CustomResourceDefinition } from '../../api/schema/types/apiextensions/v1.ts';
import type { APIServiceSpec } from '../../api/schema/types/apiregistration/v1.ts';
import { draft, jsonEqual } from '../../base/json.ts';
import { groupResource } from '../../apimachinery/meta/resource.ts';
import { apiServiceName, APISERVER, AUTO_MANAGED } from '../../apiserver/bootstrap.ts';
import { Client } from '../../client/client.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

/** Definitions by the names of the APIServices that stand for their served versions. */
const INDEX_SERVED = 'controllers/autoregister';
const CONTINUOUSLY = 'true';

export function createAutoRegister({ client: { api } }: ControllerContext): Controller {
  // It is the API server itself that writes.
  const client = new Client(api, APISERVER.user.name, APISERVER.user.groups, APISERVER.fieldManager);
  api.store.addIndex(groupResource(CUSTOMRESOURCEDEFINITIONS), INDEX_SERVED, (object) => namesOf(object as CustomResourceDefinition));
  return {
    for: APISERVICES,
    watches: [
      watch(CUSTOMRESOURCEDEFINITIONS, (definition, previous) => [
        ...namesOf(definition),
        ...(previous === undefined || previous.spec === definition.spec ? [] : namesOf(previous)),
      ]),
    ],
    reconcile: (name) => {
      register(client, name);
      return undefined;
    },
  };
}

function register(client: Client, name: string): void {
  const current = client.get(APISERVICES, '', name);
  const spec = desired(client, name);
  if (current === undefined) {
    if (spec === undefined) return;
    const metadata = { name, labels: { [AUTO_MANAGED]: CONTINUOUSLY } };
    client.create(APISERVICES, { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata, spec: draft(spec) });
    return;
  }
  if (current.metadata.labels?.[AUTO_MANAGED] !== CONTINUOUSLY) return;
  if (spec === undefined) client.delete(APISERVICES, '', name);
  else if (!jsonEqual(current.spec, spec)) client.modify(APISERVICES, '', name, (copy) => void (copy.spec = draft(spec)));
}

function desired(client: Client, name: string): APIServiceSpec | undefined {
  const [definition] = client.byIndex(CUSTOMRESOURCEDEFINITIONS, INDEX_SERVED, name);
  if (definition === undefined) return undefined;
  const version = name.slice(0, name.indexOf('.'));
  return { group: definition.spec.group, version, ...CUSTOM_PRIORITY };
}

function namesOf({ spec }: CustomResourceDefinition): readonly string[] {
  return spec.versions.filter(({ served }) => served).map(({ name }) => apiServiceName(spec.group, name));
}

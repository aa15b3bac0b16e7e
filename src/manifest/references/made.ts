/** Objects that tools make of others, so that what refers to them is not called missing. */
import { GPU_DRIVER, INSTANCE_TYPES } from '../../api/kubepad/nodepool/instanceTypes.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { isRecord } from '../recognise.ts';
import type { Facts } from './facts.ts';
import { hitsOf, textAt } from './fieldPattern.ts';

/** By group kind: the names of the Secrets that a controller in the cluster makes of the object. */
const SECRET_MAKERS: Readonly<Record<string, (value: unknown, name: string) => string>> = {
  'SealedSecret.bitnami.com': (value, name) => textAt(value, 'spec.template.metadata.name') || name,
  'ExternalSecret.external-secrets.io': (value, name) => textAt(value, 'spec.target.name') || name,
  'Certificate.cert-manager.io': (value) => textAt(value, 'spec.secretName'),
  'VaultStaticSecret.secrets.hashicorp.com': (value) => textAt(value, 'spec.destination.name'),
  'VaultDynamicSecret.secrets.hashicorp.com': (value) => textAt(value, 'spec.destination.name'),
};

/** What an object will lead to; its keys are not known. */
export function madeOf(facts: Facts): readonly Facts[] {
  if (facts.groupKind === 'NodePool.kubepad.dev')
    return driversOf(facts.value).map((name) => unwritten('resource.k8s.io/v1/DeviceClass', 'DeviceClass.resource.k8s.io', name, ''));
  const name = SECRET_MAKERS[facts.groupKind]?.(facts.value, facts.name) ?? '';
  return name === '' ? [] : [unwritten('v1/Secret', 'Secret', name, facts.namespace)];
}

/** Of the devices that the machines of a pool have: each makes a class of its name. */
function driversOf(pool: unknown): readonly string[] {
  const own = hitsOf(pool, 'spec.devices[].driver').flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  const hasCards = INSTANCE_TYPES.get(textAt(pool, 'spec.instanceType'))?.gpus !== undefined;
  return own.length === 0 && hasCards ? [GPU_DRIVER] : own;
}

/** What a kustomization generates. */
export function generatedBy(value: unknown): readonly Facts[] {
  if (!isRecord(value)) return [];
  const namespace = textAt(value, 'namespace');
  const named = (list: string, kind: string): readonly Facts[] =>
    hitsOf(value, `${list}[].name`).flatMap((hit) =>
      typeof hit.value === 'string' ? [unwritten(`v1/${kind}`, kind, hit.value, namespace)] : [],
    );
  return [...named('configMapGenerator', 'ConfigMap'), ...named('secretGenerator', 'Secret')];
}

/** Without a value: what is in it nobody wrote down. */
function unwritten(kind: string, groupKind: string, name: string, namespace: string): Facts {
  return { kind, at: () => Path.root, groupKind, namespace, name, references: [], template: undefined, selector: undefined, value: {} };
}

import { forbidden, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabelSelector, type SelectorOptions } from '../../../apimachinery/labels/validation.ts';
import { networkValue, parseCIDR, widthOf } from '../../../apimachinery/net/ip.ts';
import { cidrWarnings, validateCIDR } from '../../../apimachinery/net/validation.ts';
import { isValidPortName, isValidPortNum } from '../../../apimachinery/validation/names.ts';
import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from '../../schema/types/networking/v1.ts';

export function validateNetworkPolicy({ spec = {} }: NetworkPolicy): ErrorList {
  return validateSpec(spec, { cidrs: [] });
}

export function validateNetworkPolicyUpdate({ spec = {} }: NetworkPolicy, old: NetworkPolicy): ErrorList {
  const allowInvalidValues = validateLabelSelector(old.spec?.podSelector, SPEC.child('podSelector')).length > 0;
  return validateSpec(spec, { allowInvalidValues, cidrs: cidrsOf(old.spec ?? {}).map(({ text }) => text) });
}

export function networkPolicyWarnings({ spec = {} }: NetworkPolicy): readonly string[] {
  return cidrsOf(spec).flatMap(({ path, text }) => cidrWarnings(path, text));
}

/** `cidrs`: blocks that stood in the policy before; they may stay as they are written. */
type Options = SelectorOptions & { readonly cidrs: readonly string[] };

function validateSpec(spec: NetworkPolicySpec, options: Options): ErrorList {
  const errors: FieldError[] = [...validateLabelSelector(spec.podSelector, SPEC.child('podSelector'), options)];
  for (const { path, ports, peers, peersField } of rulesOf(spec)) {
    ports.forEach((port, index) => errors.push(...validatePort(port, path.child('ports').index(index))));
    peers.forEach((peer, index) => errors.push(...validatePeer(peer, path.child(peersField).index(index), options)));
  }
  const types: readonly string[] = spec.policyTypes ?? [];
  const at = SPEC.child('policyTypes');
  if (types.length > TYPES.length) return [...errors, invalid(at, types, 'may not specify more than two policyTypes')];
  types.forEach((type, index) => {
    if (!TYPES.includes(type)) errors.push(notSupported(at.index(index), type, TYPES));
  });
  return errors;
}

interface Rule {
  readonly path: Path;
  readonly ports: readonly NetworkPolicyPort[];
  readonly peers: readonly NetworkPolicyPeer[];
  readonly peersField: 'from' | 'to';
}

function rulesOf({ ingress = [], egress = [] }: NetworkPolicySpec): readonly Rule[] {
  return [
    ...ingress.map(({ ports = [], from = [] }, index): Rule => {
      return { path: SPEC.child('ingress').index(index), ports, peers: from, peersField: 'from' };
    }),
    ...egress.map(({ ports = [], to = [] }, index): Rule => {
      return { path: SPEC.child('egress').index(index), ports, peers: to, peersField: 'to' };
    }),
  ];
}

/** Every block that the policy names, with where it stands. */
function cidrsOf(spec: NetworkPolicySpec): readonly { readonly path: Path; readonly text: string }[] {
  return rulesOf(spec).flatMap(({ path, peers, peersField }) =>
    peers.flatMap(({ ipBlock }, index) => {
      if (ipBlock === undefined) return [];
      const at = path.child(peersField).index(index).child('ipBlock');
      const except = (ipBlock.except ?? []).map((text, position) => ({ path: at.child('except').index(position), text }));
      return [{ path: at.child('cidr'), text: ipBlock.cidr }, ...except];
    }),
  );
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, path: Path): ErrorList {
  const errors: FieldError[] = [];
  const end = path.child('endPort');
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) errors.push(notSupported(path.child('protocol'), protocol, PROTOCOLS));
  if (typeof port === 'number') {
    for (const text of isValidPortNum(port)) errors.push(invalid(path.child('port'), port, text));
    if (endPort === undefined) return errors;
    // The port is what is printed.
    if (endPort < port) errors.push(invalid(end, port, 'must be greater than or equal to `port`'));
    for (const text of isValidPortNum(endPort)) errors.push(invalid(end, endPort, text));
  } else if (port === undefined) {
    if (endPort !== undefined) errors.push(invalid(end, endPort, 'may not be specified when `port` is not specified'));
  } else {
    if (endPort !== undefined) errors.push(invalid(end, endPort, 'may not be specified when `port` is non-numeric'));
    for (const text of isValidPortName(port)) errors.push(invalid(path.child('port'), port, text));
  }
  return errors;
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, path: Path, options: Options): ErrorList {
  const errors: FieldError[] = [
    ...validateLabelSelector(podSelector, path.child('podSelector'), options),
    ...validateLabelSelector(namespaceSelector, path.child('namespaceSelector'), options),
    ...(ipBlock === undefined ? [] : validateIPBlock(ipBlock, path.child('ipBlock'), options)),
  ];
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (ipBlock === undefined) return hasSelector ? errors : [...errors, required(path, 'must specify a peer')];
  return hasSelector ? [...errors, forbidden(path, 'may not specify both ipBlock and another peer')] : errors;
}

function validateIPBlock({ cidr = '', except = [] }: Partial<IPBlock>, path: Path, { cidrs }: Options): ErrorList {
  if (cidr === '') return [required(path.child('cidr'), '')];
  const wrong = validateCIDR(path.child('cidr'), cidr, cidrs);
  if (parseCIDR(cidr) === undefined) return wrong;
  const errors: FieldError[] = [...wrong];
  except.forEach((one, index) => {
    const at = path.child('except').index(index);
    errors.push(...validateCIDR(at, one, cidrs));
    if (parseCIDR(one) !== undefined && !isStrictlyWithin(one, cidr)) errors.push(invalid(at, one, 'must be a strict subset of `cidr`'));
  });
  return errors;
}

function isStrictlyWithin(text: string, outerText: string): boolean {
  const [inner, outer] = [parseCIDR(text), parseCIDR(outerText)];
  if (inner === undefined || outer === undefined || inner.address.family !== outer.address.family) return false;
  const host = BigInt(widthOf(outer.address) - outer.prefixLength);
  return inner.prefixLength > outer.prefixLength && networkValue(inner) >> host === networkValue(outer) >> host;
}

const SPEC = Path.of('spec');
const TYPES: readonly string[] = ['Ingress', 'Egress'];
const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

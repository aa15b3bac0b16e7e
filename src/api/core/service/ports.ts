import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { isDNS1123Label, isQualifiedName, isValidPortName, isValidPortNum } from '../../../apimachinery/validation/names.ts';
import type { ServicePort, ServiceSpec } from '../../schema/types/core/v1.ts';

export const PROTOCOLS: readonly string[] = ['SCTP', 'TCP', 'UDP'];

export function validatePorts(errors: FieldError[], spec: ServiceSpec): void {
  const ports = spec.ports ?? [];
  const names = new Set<string>();
  ports.forEach((port, index) => {
    validatePort(errors, port, ports.length > 1, names, PORTS.index(index));
  });
}

/** Node ports where the type has none, and pairs of port and protocol that come twice. */
export function validateNodePorts(errors: FieldError[], spec: ServiceSpec): void {
  const ports = spec.ports ?? [];
  if (spec.type === 'ClusterIP') {
    ports.forEach((port, index) => {
      if ((port.nodePort ?? 0) !== 0)
        errors.push(forbidden(PORTS.index(index).child('nodePort'), "may not be used when `type` is 'ClusterIP'"));
    });
  }
  const nodePorts = new Set<string>();
  ports.forEach((port, index) => {
    if ((port.nodePort ?? 0) === 0) return;
    const key = `${port.protocol ?? ''}/${port.nodePort ?? 0}`;
    if (nodePorts.has(key)) errors.push(duplicate(PORTS.index(index).child('nodePort'), port.nodePort));
    nodePorts.add(key);
  });
  const seen = new Set<string>();
  ports.forEach((port, index) => {
    const number = (port.port as number | undefined) ?? 0;
    const key = `${port.protocol ?? ''}/${number}`;
    if (seen.has(key)) {
      const printed = { Name: '', Protocol: port.protocol ?? '', AppProtocol: null, Port: number, TargetPort: 0, NodePort: 0 };
      errors.push(duplicate(PORTS.index(index), printed));
    }
    seen.add(key);
  });
}

function validatePort(errors: FieldError[], port: ServicePort, nameRequired: boolean, names: Set<string>, path: Path): void {
  const { name = '', protocol = '', targetPort = 0, appProtocol } = port;
  const number = (port.port as number | undefined) ?? 0;
  if (name !== '') {
    for (const text of isDNS1123Label(name)) errors.push(invalid(path.child('name'), name, text));
    if (names.has(name)) errors.push(duplicate(path.child('name'), name));
    names.add(name);
  } else if (nameRequired) errors.push(required(path.child('name'), ''));
  for (const text of isValidPortNum(number)) errors.push(invalid(path.child('port'), number, text));
  if ((protocol as string) === '') errors.push(required(path.child('protocol'), ''));
  else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(path.child('protocol'), protocol, PROTOCOLS));
  const problems = typeof targetPort === 'number' ? isValidPortNum(targetPort) : isValidPortName(targetPort);
  for (const text of problems) errors.push(invalid(path.child('targetPort'), targetPort, text));
  if (appProtocol !== undefined)
    for (const text of isQualifiedName(appProtocol)) errors.push(invalid(path.child('appProtocol'), appProtocol, text));
}

const PORTS = Path.of('spec', 'ports');

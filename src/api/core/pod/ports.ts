/** Ports of containers, and ports of the host, which nobody may claim twice. */
import { duplicate, invalid, required } from '../../../apimachinery/field/error.ts';
import { isValidPortName, isValidPortNum } from '../../../apimachinery/validation/names.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { Container, ContainerPort } from '../../schema/types/core/v1.ts';
import type { IntOrString } from '../../../apimachinery/meta/types.ts';
import { invalidEach, requireOneOf, type Sink } from './sink.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'] as const;

export function validateContainerPorts(sink: Sink, ports: readonly ContainerPort[], path: Path): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = path.index(index);
    if (port.name) {
      const problems = isValidPortName(port.name);
      if (problems.length > 0) invalidEach(sink, at.child('name'), port.name, problems);
      else if (names.has(port.name)) sink.push(duplicate(at.child('name'), port.name));
      else names.add(port.name);
    }
    if (!port.containerPort) sink.push(required(at.child('containerPort'), ''));
    else invalidEach(sink, at.child('containerPort'), port.containerPort, isValidPortNum(port.containerPort));
    if (port.hostPort) invalidEach(sink, at.child('hostPort'), port.hostPort, isValidPortNum(port.hostPort));
    requireOneOf(sink, port.protocol, PROTOCOLS, at, 'protocol');
  }
}

/** The target of a probe or a hook: a number, or the name of a port. */
export function validatePortNumberOrName(sink: Sink, port: IntOrString | undefined, path: Path): void {
  const target = port ?? 0;
  invalidEach(sink, path, target, typeof target === 'number' ? isValidPortNum(target) : isValidPortName(target));
}

/**
 * Containers of one list run side by side, so their host ports must differ.
 *
 * @param path of the list
 */
export function validateHostPortConflicts(sink: Sink, containers: readonly Container[], path: Path): void {
  let seen: Set<string> | undefined;
  for (const [index, container] of containers.entries()) {
    for (const [portIndex, port] of (container.ports ?? []).entries()) {
      if (!port.hostPort) continue;
      seen ??= new Set();
      const key = `${port.protocol ?? ''}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (seen.has(key)) sink.push(duplicate(path.index(index).child('ports').index(portIndex).child('hostPort'), key));
      seen.add(key);
    }
  }
}

/** On the host's network a port of the container is the port of the host; a template may leave it to the Pod. */
export function validateHostNetworkPorts(sink: Sink, containers: readonly Container[], path: Path, isPod: boolean): void {
  for (const [index, container] of containers.entries()) {
    for (const [portIndex, port] of (container.ports ?? []).entries()) {
      const hostPort = port.hostPort ?? 0;
      if ((!isPod && hostPort === 0) || hostPort === (port.containerPort ?? 0)) continue;
      const at = path.index(index).child('ports').index(portIndex).child('hostPort');
      sink.push(invalid(at, hostPort, 'must match `containerPort` when `hostNetwork` is true'));
    }
  }
}

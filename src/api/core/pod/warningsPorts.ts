/** Ports of the containers of a Pod that get in each other's way. */
import { quote } from '../../../apimachinery/field/quote.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { ContainerPort, PodSpec } from '../../schema/types/core/v1.ts';
import { isRestartableInit, visitContainers, type AnyContainer } from './visit.ts';

interface Placed {
  readonly port: ContainerPort;
  readonly path: Path;
}

export function portWarnings(warnings: string[], spec: PodSpec, specPath: Path): void {
  const byNumber = new Map<string, Placed[]>();
  visitContainers(spec, specPath, (container, containerPath) => {
    for (const [index, port] of (container.ports ?? []).entries()) {
      const path = containerPath().child('ports').index(index);
      if (port.hostIP && !port.hostPort) warnings.push(`${path.toString()}: hostIP set without hostPort: ${printPort(port)}`);
      const key = `${port.containerPort}/${port.protocol ?? ''}`;
      const others = byNumber.get(key) ?? [];
      for (const other of others) {
        const text = conflict(port, other.port);
        if (text) warnings.push(`${path.toString()}: ${text} with ${other.path.toString()}`);
      }
      byNumber.set(key, [...others, { port, path }]);
    }
  });
  nameWarnings(warnings, spec, specPath);
}

/** Within a container the same name twice is an error; between containers that run together the first one wins. */
function nameWarnings(warnings: string[], spec: PodSpec, specPath: Path): void {
  const byName = new Map<string, Path>();
  const plainInit = new Set<AnyContainer>((spec.initContainers ?? []).filter((container) => !isRestartableInit(container)));
  visitContainers(spec, specPath, (container, containerPath) => {
    if (plainInit.has(container)) return;
    for (const [index, { name }] of (container.ports ?? []).entries()) {
      if (!name) continue;
      const path = containerPath().child('ports').index(index);
      const first = byName.get(name);
      if (first) {
        const text = `duplicate port name ${quote(name)} with ${first.toString()}`;
        warnings.push(`${path.toString()}: ${text}, services and probes that select ports by name will use ${first.toString()}`);
      } else byName.set(name, path);
    }
  });
}

function conflict(port: ContainerPort, other: ContainerPort): string | undefined {
  const [hostIP, otherIP] = [port.hostIP ?? '', other.hostIP ?? ''];
  const [hostPort, otherPort] = [port.hostPort ?? 0, other.hostPort ?? 0];
  if (hostIP === otherIP && hostPort === otherPort) return 'duplicate port definition';
  if (hostPort === 0 || otherPort === 0) return 'overlapping port definition';
  if (hostPort === otherPort && (hostIP === '') !== (otherIP === '')) return 'dangerously ambiguous port definition';
  return undefined;
}

/** As Go prints a structure with the names of its fields. */
function printPort({ name = '', hostPort = 0, containerPort = 0, protocol = 'TCP', hostIP = '' }: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}

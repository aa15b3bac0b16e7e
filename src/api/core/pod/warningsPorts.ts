/** Ports of the containers of a Pod that get in each other's way. */
import { quote } from '../../../apimachinery/field/quote.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { ContainerPort, PodSpec } from '../../schema/types/core/v1.ts';
import { visitContainers } from './visit.ts';

interface Placed {
  readonly port: ContainerPort;
  readonly path: Path;
}

export function portWarnings(warnings: string[], spec: PodSpec, specPath: Path): void {
  const byNumber = new Map<string, Placed[]>();
  const byName = new Map<string, Placed>();
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
      nameWarning(warnings, { port, path }, container.name, byName);
    }
  });
}

/** Within a container the same name twice is an error; between containers the first one wins. */
function nameWarning(warnings: string[], placed: Placed, _container: string, byName: Map<string, Placed>): void {
  const name = placed.port.name;
  if (!name) return;
  const first = byName.get(name);
  if (!first) {
    byName.set(name, placed);
    return;
  }
  const at = first.path.toString();
  warnings.push(
    `${placed.path.toString()}: duplicate port name ${quote(name)} with ${at}, services and probes that select ports by name will use ${at}`,
  );
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

/** What a probe or a lifecycle hook does: exactly one action. */
import { forbidden, invalid, notSupported, required } from '../../../apimachinery/field/error.ts';
import { isHTTPHeaderName, isValidPortNum } from '../../../apimachinery/validation/names.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from '../../schema/types/core/v1.ts';
import { validatePortNumberOrName } from './ports.ts';
import { invalidEach, nonNegative, type Sink } from './sink.ts';

type Action = 'exec' | 'httpGet' | 'tcpSocket' | 'grpc' | 'sleep';
type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<LifecycleHandler, 'sleep'>;

const ACTIONS: readonly Action[] = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

/** @param gracePeriodSeconds of the Pod, which a sleep must not exceed; undefined where it is itself invalid */
export function validateLifecycle(sink: Sink, lifecycle: Lifecycle, gracePeriodSeconds: number | undefined, path: Path): void {
  if (lifecycle.postStart) validateHandler(sink, lifecycle.postStart, gracePeriodSeconds, path.child('postStart'));
  if (lifecycle.preStop) validateHandler(sink, lifecycle.preStop, gracePeriodSeconds, path.child('preStop'));
}

export interface Probes {
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
}

export function validateProbes(sink: Sink, probes: Probes, path: Path): void {
  const { livenessProbe, readinessProbe, startupProbe } = probes;
  if (livenessProbe) validateOnceSuccessful(sink, livenessProbe, path.child('livenessProbe'));
  if (readinessProbe) {
    const at = path.child('readinessProbe');
    validateProbe(sink, readinessProbe, at);
    const seconds = readinessProbe.terminationGracePeriodSeconds;
    if (seconds !== undefined)
      sink.push(invalid(at.child('terminationGracePeriodSeconds'), seconds, 'must not be set for readinessProbes'));
  }
  if (startupProbe) validateOnceSuccessful(sink, startupProbe, path.child('startupProbe'));
}

/** Liveness and startup probes have their say with the first success. */
function validateOnceSuccessful(sink: Sink, probe: Probe, path: Path): void {
  validateProbe(sink, probe, path);
  const threshold = probe.successThreshold ?? 0;
  if (threshold !== 1) sink.push(invalid(path.child('successThreshold'), threshold, 'must be 1'));
}

function validateProbe(sink: Sink, probe: Probe, path: Path): void {
  validateHandler(sink, probe, undefined, path);
  nonNegative(sink, probe.initialDelaySeconds, path, 'initialDelaySeconds');
  nonNegative(sink, probe.timeoutSeconds, path, 'timeoutSeconds');
  nonNegative(sink, probe.periodSeconds, path, 'periodSeconds');
  nonNegative(sink, probe.successThreshold, path, 'successThreshold');
  nonNegative(sink, probe.failureThreshold, path, 'failureThreshold');
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds !== undefined && seconds <= 0)
    sink.push(invalid(path.child('terminationGracePeriodSeconds'), seconds, 'must be greater than 0'));
}

function validateHandler(sink: Sink, handler: Handler, gracePeriodSeconds: number | undefined, path: Path): void {
  let found = false;
  for (const action of ACTIONS) {
    if (handler[action] === undefined) continue;
    if (found) sink.push(forbidden(path.child(action), 'may not specify more than 1 handler type'));
    else validateAction(sink, handler, action, gracePeriodSeconds, path.child(action));
    found = true;
  }
  if (!found) sink.push(required(path, 'must specify a handler type'));
}

function validateAction(sink: Sink, handler: Handler, action: Action, gracePeriodSeconds: number | undefined, path: Path): void {
  switch (action) {
    case 'exec':
      if (!handler.exec?.command?.length) sink.push(required(path.child('command'), ''));
      return;
    case 'httpGet':
      return validateHTTPGet(sink, handler.httpGet ?? {}, path);
    case 'tcpSocket':
      return validatePortNumberOrName(sink, handler.tcpSocket?.port, path.child('port'));
    case 'grpc': {
      const port = handler.grpc?.port ?? 0;
      return invalidEach(sink, path.child('port'), port, isValidPortNum(port));
    }
    case 'sleep': {
      const seconds = handler.sleep?.seconds ?? 0;
      if (gracePeriodSeconds !== undefined && (seconds < 0 || seconds > gracePeriodSeconds)) {
        const text = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriodSeconds})`;
        sink.push(invalid(path, seconds, text));
      }
    }
  }
}

const SCHEMES: readonly string[] = ['HTTP', 'HTTPS'];

function validateHTTPGet(sink: Sink, get: Partial<HTTPGetAction>, path: Path): void {
  if (!get.path) sink.push(required(path.child('path'), ''));
  validatePortNumberOrName(sink, get.port, path.child('port'));
  const scheme: string = get.scheme ?? '';
  if (!SCHEMES.includes(scheme)) sink.push(notSupported(path.child('scheme'), scheme, SCHEMES));
  for (const header of get.httpHeaders ?? []) {
    const name = header.name ?? '';
    invalidEach(sink, path.child('httpHeaders'), name, isHTTPHeaderName(name));
  }
}

/** What a class or a claim tells a driver, and the selectors that choose devices. */
import { invalid, required, tooLong } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { byteLength } from '../../apimachinery/validation/text.ts';
import type { Sink } from '../core/pod/sink.ts';
import type { DeviceSelector, OpaqueDeviceConfiguration } from '../schema/types/resource/v1.ts';
import { validateList } from './lists.ts';
import { validateDriverName } from './names.ts';
import { validateSelectorExpression } from './selectorExpressions.ts';

export const MAX_CONFIGURATIONS = 32;
const MAX_SELECTORS = 32;
const MAX_EXPRESSION = 10 * 1024;
const MAX_PARAMETERS = 10 * 1024;

/** What an update need not look at again. */
export interface DeviceOptions {
  /** The same as the stored one: what was valid then is valid now. */
  readonly stored?: boolean;
}

export function validateSelectors(
  sink: Sink,
  selectors: readonly DeviceSelector[] | undefined,
  parent: Path,
  options: DeviceOptions,
): void {
  validateList(sink, selectors, MAX_SELECTORS, parent.child('selectors'), (to, { cel }, path) => {
    if (cel === undefined) {
      to.push(required(path.child('cel'), ''));
      return;
    }
    if (options.stored === true) return;
    const expression = (cel.expression as string | undefined) ?? '';
    const at = path.child('cel', 'expression');
    if (byteLength(expression) > MAX_EXPRESSION) to.push(tooLong(at, MAX_EXPRESSION));
    else validateSelectorExpression(to, expression, at);
  });
}

export interface Configuration {
  readonly opaque?: OpaqueDeviceConfiguration;
}

export function validateConfiguration(sink: Sink, configuration: Configuration, path: Path, options: DeviceOptions): void {
  const { opaque } = configuration;
  const at = path.child('opaque');
  if (opaque === undefined) {
    sink.push(required(at, ''));
    return;
  }
  validateDriverName(sink, (opaque.driver as string | undefined) ?? '', at.child('driver'));
  validateRawObject(sink, opaque.parameters, at.child('parameters'), options.stored === true ? undefined : MAX_PARAMETERS);
}

/** @param maxBytes undefined: of any size */
export function validateRawObject(sink: Sink, value: unknown, path: Path, maxBytes: number | undefined): void {
  if (value === undefined || value === null) sink.push(required(path, ''));
  else if (maxBytes !== undefined && byteLength(JSON.stringify(value)) > maxBytes) sink.push(tooLong(path, maxBytes));
  else if (typeof value !== 'object' || Array.isArray(value)) sink.push(invalid(path, '<value omitted>', 'must be a valid JSON object'));
}

/** Subresources and printer columns of a definition. */
import { invalid, required, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { CustomResourceColumnDefinition, CustomResourceSubresources } from '../../schema/types/apiextensions/v1.ts';

export function validateSubresources(errors: FieldError[], subresources: CustomResourceSubresources | undefined, path: Path): void {
  const scale = subresources?.scale;
  if (scale === undefined) return;
  checkReplicas(errors, scale.specReplicasPath ?? '', '.spec.', path.child('scale', 'specReplicasPath'));
  checkReplicas(errors, scale.statusReplicasPath ?? '', '.status.', path.child('scale', 'statusReplicasPath'));
  const { labelSelectorPath = '' } = scale;
  if (labelSelectorPath === '') return;
  const at = path.child('scale', 'labelSelectorPath');
  if (!labelSelectorPath.startsWith('.')) errors.push(invalid(at, labelSelectorPath, NOT_SIMPLE));
  else if (!labelSelectorPath.startsWith('.spec.') && !labelSelectorPath.startsWith('.status.'))
    errors.push(invalid(at, labelSelectorPath, 'should be a json path under either .spec or .status'));
}

const NOT_SIMPLE = 'must be a simple json path starting with .';

function checkReplicas(errors: FieldError[], text: string, prefix: string, path: Path): void {
  if (text === '') errors.push(required(path, ''));
  else if (!text.startsWith('.')) errors.push(invalid(path, text, NOT_SIMPLE));
  else if (!text.startsWith(prefix)) errors.push(invalid(path, text, `should be a json path under ${prefix.slice(0, -1)}`));
}

const TYPES: readonly string[] = ['boolean', 'date', 'integer', 'number', 'string'];
const FORMATS: readonly string[] = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

export function validateColumns(errors: FieldError[], columns: readonly CustomResourceColumnDefinition[] | undefined, path: Path): void {
  for (const [index, column] of (columns ?? []).entries()) {
    const at = path.index(index);
    const { name = '', type = '', format = '', jsonPath = '' } = column;
    const oneOf = `must be one of ${TYPES.join(',')}`;
    if (name === '') errors.push(required(at.child('name'), ''));
    if (type === '') errors.push(required(at.child('type'), oneOf));
    else if (!TYPES.includes(type)) errors.push(invalid(at.child('type'), type, oneOf));
    if (format !== '' && !FORMATS.includes(format)) errors.push(invalid(at.child('format'), format, `must be one of ${FORMATS.join(',')}`));
    if (jsonPath === '') errors.push(required(at.child('JSONPath'), ''));
    else if (!jsonPath.startsWith('.')) errors.push(invalid(at.child('JSONPath'), jsonPath, NOT_SIMPLE));
  }
}

import { forbidden, invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { JSONSchema } from '../structural/jsonSchema.ts';
import { rootContext, totalErrors } from './celContext.ts';
import { validateDefaults } from './defaultsRules.ts';
import { printSchema } from './internalForm.ts';
import { AT_ROOT, checkSchema } from './schemaRules.ts';
import { structuralError, validateStructural } from './structuralRules.ts';

/** Fields that a root may have beside a status of its own; in the order and the words of messages. */
const AT_STATUS_ROOT = [
  ...['Description', 'Type', 'Format', 'Title', 'Maximum', 'ExclusiveMaximum', 'Minimum', 'ExclusiveMinimum', 'MaxLength', 'MinLength'],
  ...['Pattern', 'MaxItems', 'MinItems', 'UniqueItems', 'MultipleOf', 'Required', 'Items', 'Properties', 'ExternalDocs', 'Example'],
  ...['XPreserveUnknownFields', 'XValidations'],
];

/** @param path of what holds `openAPIV3Schema`; @param unchanged the schema was stored already */
export function validateRootSchema(schema: JSONSchema, hasStatus: boolean, path: Path, unchanged: boolean): ErrorList {
  const errors: FieldError[] = [];
  const at = path.child('openAPIV3Schema');
  if (hasStatus) checkStatusRoot(errors, schema, at);
  if (schema.nullable === true) errors.push(forbidden(at.child('nullable'), 'nullable cannot be true at the root'));
  const unreadable = structuralError(schema);
  let context: ReturnType<typeof rootContext> | undefined;
  if (unreadable === undefined) {
    const structural = validateStructural(schema, at);
    const more = structural.length > 0 ? structural : validateDefaults(schema, at, true);
    errors.push(...more);
    if (more.length === 0) context = rootContext(unchanged);
  }
  const found = checkSchema(schema, at, AT_ROOT, context);
  errors.push(...found.schema, ...found.cel);
  if (errors.length === 0 && unreadable !== undefined) errors.push(invalid(at, '', unreadable));
  if (context !== undefined) errors.push(...totalErrors(context, at));
  return errors;
}

function checkStatusRoot(errors: FieldError[], schema: JSONSchema, path: Path): void {
  for (const [name, value] of Object.entries(printSchema(schema) as Readonly<Record<string, unknown>>)) {
    if (value === null || value === '' || value === false) continue;
    if (name === 'Type') {
      if (schema.type === 'object') continue;
      const text = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      errors.push(invalid(path.child('type'), schema.type, text));
      return;
    }
    if (AT_STATUS_ROOT.includes(name)) continue;
    const text = `only [${AT_STATUS_ROOT.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`;
    errors.push(invalid(path, printSchema(schema), text));
    return;
  }
}

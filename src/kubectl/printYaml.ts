import { stringify } from 'yaml';

/** An object as `kubectl get -o yaml` prints it: keys in order, managedFields left out unless asked for. */
export function printYaml(object: unknown, options: { readonly managedFields: boolean } = { managedFields: false }): string {
  const shown = options.managedFields ? object : withoutManagedFields(object);
  return stringify(shown, {
    sortMapEntries: true,
    lineWidth: 0,
    aliasDuplicateObjects: false,
    indentSeq: false,
    version: '1.1',
    singleQuote: null,
  });
}

function withoutManagedFields(object: unknown): unknown {
  if (typeof object !== 'object' || object === null || !('metadata' in object)) return object;
  const { metadata } = object as { readonly metadata: unknown };
  if (typeof metadata !== 'object' || metadata === null) return object;
  const { managedFields: _, ...rest } = metadata as Readonly<Record<string, unknown>>;
  return { ...object, metadata: rest };
}

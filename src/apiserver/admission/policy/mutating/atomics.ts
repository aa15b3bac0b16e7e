import { isBag } from '../../../../apimachinery/managedfields/compare.ts';
import type { FieldType } from '../../../../apimachinery/managedfields/fieldType.ts';

/** Places of a value that are replaced as a whole, where what is not named would be lost. */
export function atomicsIn(type: FieldType, value: unknown, path = ''): readonly string[] {
  if (type.kind === 'map' && isBag(value)) {
    const below = Object.entries(value).flatMap(([key, item]) => {
      const field = type.fields.get(key);
      return field === undefined ? [] : atomicsIn(field.type, item, `${path}.${key}`);
    });
    return type.atomic ? [path, ...below] : below;
  }
  if (type.kind === 'list' && Array.isArray(value)) {
    const below = (value as readonly unknown[]).flatMap((item, index) => atomicsIn(type.item, item, `${path}[${index}]`));
    return type.atomic ? [path, ...below] : below;
  }
  return [];
}

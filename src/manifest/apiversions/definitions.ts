import { isRecord } from '../recognise.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What stood once for all versions of a definition stands in each; a conversion webhook has its settings in a map. */
export function convertDefinition(value: Fields): Fields {
  const { spec } = value;
  if (!isRecord(spec)) return value;
  const { version, validation, subresources, additionalPrinterColumns, preserveUnknownFields, conversion, ...rest } = spec;
  const listed: readonly unknown[] = Array.isArray(spec['versions']) ? spec['versions'] : [{ name: version, served: true, storage: true }];
  const columns = Array.isArray(additionalPrinterColumns) ? { additionalPrinterColumns: additionalPrinterColumns.map(column) } : {};
  const versions = listed.map((each) => {
    if (!isRecord(each)) return each;
    const own = Array.isArray(each['additionalPrinterColumns'])
      ? { additionalPrinterColumns: each['additionalPrinterColumns'].map(column) }
      : columns;
    return {
      ...each,
      schema: schemaOf(each['schema'] ?? validation, preserveUnknownFields !== false),
      ...(each['subresources'] === undefined && subresources !== undefined ? { subresources } : {}),
      ...own,
    };
  });
  return { ...value, spec: { ...rest, versions, ...(isRecord(conversion) ? { conversion: conversionOf(conversion) } : {}) } };
}

/** v1 has no definition without a schema, and keeps unknown fields where the schema says so only. */
function schemaOf(schema: unknown, keeps: boolean): Fields {
  const open = isRecord(schema) && isRecord(schema['openAPIV3Schema']) ? schema['openAPIV3Schema'] : {};
  const typed = { type: 'object', ...open };
  return { openAPIV3Schema: keeps ? { ...typed, 'x-kubernetes-preserve-unknown-fields': true } : typed };
}

function column(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { JSONPath, ...rest } = value;
  return JSONPath === undefined ? value : { ...rest, jsonPath: JSONPath };
}

function conversionOf(conversion: Fields): Fields {
  const { webhookClientConfig, conversionReviewVersions, ...rest } = conversion;
  if (webhookClientConfig === undefined) return rest;
  return { ...rest, webhook: { clientConfig: webhookClientConfig, conversionReviewVersions: conversionReviewVersions ?? ['v1beta1'] } };
}

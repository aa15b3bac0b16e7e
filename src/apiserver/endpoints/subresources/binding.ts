import { checkNamespace, decodeBody } from '../../../api/decodeBody.ts';
import type { Binding } from '../../../api/schema/types/core/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import { answer, refuse } from '../answer.ts';
import type { HttpResponse } from '../http.ts';
import { isStatus } from '../list.ts';
import { writeOptions } from '../options.ts';
import type { ResourceRequest } from '../resource.ts';

const BINDING = { group: '', version: 'v1', kind: 'Binding' };

/** POST …/bindings: the name of the Pod is that of the Binding. */
export function bindThroughCollection(context: ResourceRequest): HttpResponse {
  return bindPod(context, undefined);
}

/** POST …/pods/NAME/binding. */
export function bindPod(context: ResourceRequest, name: string | undefined): HttpResponse {
  const { api, request, info, encoding } = context;
  const options = writeOptions(request, 'CreateOptions');
  if (isStatus(options)) return refuse(options, encoding);
  const decoded = decodeBody(BINDING, request.body, request.headers['content-type'] ?? '', options.fieldValidation);
  if (!decoded.ok) return refuse(decoded.status, encoding);
  const misplaced = checkNamespace(decoded.object, true, info.namespace);
  if (misplaced !== undefined) return refuse(misplaced, encoding);
  const binding = decoded.object as unknown as Binding;
  if (name !== undefined && (binding.metadata.name ?? '') !== name)
    return refuse(errors.badRequest('name in URL does not match name in Binding object'), encoding);
  const invalid = targetError(binding);
  if (invalid !== undefined) return refuse(invalid, encoding);
  const outcome = api.bind(options.context, info.namespace, binding);
  return outcome.ok ? answer(created(), 201, encoding, outcome.warnings) : refuse(outcome.status, encoding, outcome.warnings);
}

/** What an act answers with that has no object to show. */
export function created(): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}

function targetError({ target }: Binding): Status | undefined {
  if ((target.kind ?? '') !== '' && target.kind !== 'Node') {
    const body = `Unsupported value: "${target.kind ?? ''}": supported values: "Node", "<empty>"`;
    return invalidTarget('target.kind', 'FieldValueNotSupported', body);
  }
  return (target.name ?? '') === '' ? invalidTarget('target.name', 'FieldValueRequired', 'Required value') : undefined;
}

function invalidTarget(field: string, reason: string, body: string): Status {
  return errors.failure(422, 'Invalid', ` "" is invalid: ${field}: ${body}`, { causes: [{ reason, message: body, field }] });
}

import { checkName, checkNamespace, decodeBody, decodeValue } from '../../../api/decodeBody.ts';
import { isCustomType } from '../../../api/apiextensions/customresource/kind.ts';
import { FIELD_TYPES } from '../../../api/fieldTypes.ts';
import type { Scale } from '../../../api/schema/types/autoscaling/v1.ts';
import type { Strategy } from '../../../api/strategy.ts';
import { draft, type Draft } from '../../../base/json.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import { apiVersion, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import { formatTime } from '../../../apimachinery/meta/time.ts';
import type { Change, Owned } from '../../registry/change.ts';
import { managedOf } from '../../storage/managed.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import { refused, succeeded, type Outcome } from '../../request.ts';
import { answer, refuse, resourceNotFound } from '../answer.ts';
import type { HttpResponse } from '../http.ts';
import { isStatus } from '../list.ts';
import { writeOptions, type WriteOptions } from '../options.ts';
import { isApply, patchAndDecode } from '../patch.ts';
import { applyConfiguration, readConfiguration } from '../apply.ts';
import { strategyFor } from '../read.ts';
import { toPartialMetadata } from '../transform.ts';
import { translateTimestampSince } from '../../../api/duration.ts';
import type { ResourceRequest } from '../resource.ts';
import { objectOwners, SCALE_VERSION, scaleOwners } from './scaleOwners.ts';

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

/** GET, PUT and PATCH of …/scale: the number of replicas and the selector, whatever the kind. */
export function handleScale(context: ResourceRequest): HttpResponse {
  const { api, request, info, served, encoding } = context;
  const strategy = strategyFor(context);
  if (strategy.scale === undefined) return refuse(resourceNotFound(), encoding);
  if (request.method === 'GET' || request.method === 'HEAD') {
    const found = api.get(served.type, info.namespace, info.name);
    if (!found.ok) return refuse(found.status, encoding);
    const unreadable = missingReplicas(strategy, found.object);
    return unreadable === undefined ? answerScale(context, toScale(strategy, found.object)) : refuse(unreadable, encoding);
  }
  const applies = request.method === 'PATCH' && isApply(request);
  const options = writeOptions(request, request.method === 'PUT' ? 'UpdateOptions' : 'PatchOptions', applies);
  if (isStatus(options)) return refuse(options, encoding);
  const change: Change = applies
    ? { apply: (stored) => applyScale(context, options, strategy, stored) }
    : (object, stored) => {
        const wanted = wantedScale(context, options, toScale(strategy, stored));
        return isStatus(wanted) ? refused(wanted) : setReplicas(strategy, object, wanted);
      };
  const outcome = api.update(options.context, served.type, info.namespace, info.name, 'scale', change);
  if (!outcome.ok) return refuse(outcome.status, encoding, outcome.warnings);
  const unreadable = missingReplicas(strategy, outcome.object);
  if (unreadable !== undefined) return refuse(unreadable, encoding, outcome.warnings);
  return answerScale(context, toScale(strategy, outcome.object), outcome.warnings);
}

function wantedScale(context: ResourceRequest, options: WriteOptions, current: Scale): Scale | Status {
  const { request, info } = context;
  const { fieldValidation } = options;
  const decoded =
    request.method === 'PUT'
      ? decodeBody(SCALE, request.body, request.headers['content-type'] ?? '', fieldValidation)
      : patchAndDecode(request, SCALE, current, fieldValidation);
  if (!decoded.ok) return decoded.status;
  const { object } = decoded;
  if ((object.metadata.name ?? '') === '') {
    return errors.badRequest(`the name of the object (${info.name} based on URL) was undeterminable: name must be provided`);
  }
  const misplaced = checkName(object, info.name) ?? checkNamespace(object, true, info.namespace);
  return misplaced ?? (object as unknown as Scale);
}

/** An apply to the Scale, as a change of the object. */
function applyScale(context: ResourceRequest, options: WriteOptions, strategy: Strategy, stored: KubeObject | undefined): Outcome<Owned> {
  const { api, request, served, info } = context;
  if (stored === undefined) return refused(errors.notFound(served.type, info.name));
  const configuration = readConfiguration(request.body, SCALE);
  if (isStatus(configuration)) return refused(configuration);
  const replicas = strategy.scale?.replicasPath ?? REPLICAS;
  const current = toScale(strategy, stored);
  const { fieldManager: manager } = options.context;
  const time = formatTime(api.registry.now());
  const applied = applyConfiguration(configuration, {
    type: SCALE_TYPE,
    live: current,
    entries: scaleOwners(managedOf(stored), replicas),
    writer: { manager, apiVersion: SCALE_VERSION, subresource: 'scale', time, reset: {} },
    force: options.force,
  });
  if (!applied.ok) return applied;
  const owners = objectOwners(managedOf(stored), applied.object.entries, replicas, apiVersion(served.type));
  const object = draft(stored);
  if (applied.object.object === undefined) return succeeded({ object, owners });
  const decoded = decodeValue(SCALE, applied.object.object, 'Ignore');
  if (!decoded.ok) return refused(decoded.status);
  const misplaced = checkName(decoded.object, info.name) ?? checkNamespace(decoded.object, true, info.namespace);
  const refusal = misplaced === undefined ? setReplicas(strategy, object, decoded.object as unknown as Scale) : refused(misplaced);
  return refusal === undefined || refusal.ok ? succeeded({ object, owners }) : refusal;
}

const REPLICAS: readonly string[] = ['f:spec', 'f:replicas'];
const SCALE_TYPE = FIELD_TYPES.ofDefinition('io.k8s.api.autoscaling.v1.Scale');

function answerScale({ api, encoding }: ResourceRequest, scale: Scale, warnings: readonly string[] = []): HttpResponse {
  if (encoding.transform !== 'Table') return answer(scale, 200, encoding, warnings);
  const { resourceVersion = '', creationTimestamp, name = '' } = scale.metadata;
  const table = {
    kind: 'Table',
    apiVersion: encoding.transformVersion,
    metadata: { resourceVersion },
    columnDefinitions: SCALE_COLUMNS,
    rows: [
      {
        cells: [
          name,
          scale.spec?.replicas ?? 0,
          scale.status?.replicas ?? 0,
          translateTimestampSince(creationTimestamp, api.registry.now()),
        ],
        object: toPartialMetadata(scale, encoding.transformVersion ?? ''),
      },
    ],
  };
  return answer(table, 200, encoding, warnings);
}

const SCALE_COLUMNS = [
  { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
  { name: 'Desired', type: 'integer', format: '', description: '', priority: 0 },
  { name: 'Available', type: 'integer', format: '', description: '', priority: 0 },
  { name: 'Age', type: 'string', format: '', description: '', priority: 0 },
];

/** A custom resource can lack the field that its definition names. */
function missingReplicas({ scale }: Strategy, object: KubeObject): Status | undefined {
  const missing = scale?.get(object).missing;
  return missing === undefined ? undefined : errors.internalError(`the spec replicas field ${JSON.stringify(missing)} does not exist`);
}

function setReplicas(strategy: Strategy, object: Draft<KubeObject>, scale: Scale): Outcome<KubeObject> | undefined {
  const replicas = scale.spec?.replicas ?? 0;
  // Custom resources say themselves what they want of the field.
  if (replicas < 0 && !isCustomType(strategy.resource)) {
    const body = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    const name = scale.metadata.name ?? '';
    const text = `Scale.autoscaling "${name}" is invalid: spec.replicas: ${body}`;
    const details = {
      name,
      group: 'autoscaling',
      kind: 'Scale',
      causes: [{ reason: 'FieldValueInvalid', message: body, field: 'spec.replicas' }],
    };
    return refused(errors.failure(422, 'Invalid', text, details));
  }
  const { resourceVersion } = scale.metadata;
  if (resourceVersion !== undefined && resourceVersion !== '') object.metadata.resourceVersion = resourceVersion;
  strategy.scale?.set(object, replicas);
  return undefined;
}

function toScale(strategy: Strategy, object: KubeObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { specReplicas = 0, statusReplicas = 0, selector = '' } = strategy.scale?.get(object) ?? {};
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: specReplicas === 0 ? {} : { replicas: specReplicas },
    status: { replicas: statusReplicas, ...(selector === '' ? {} : { selector }) },
  };
}

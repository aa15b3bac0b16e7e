/** Counterpart: ValidateVolumeAttachment and its siblings of k8s.io/kubernetes/pkg/apis/storage/validation. */
import { jsonEqual } from '../../../base/json.ts';
import { forbidden, invalid, required, tooLong, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/objectMeta.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import { validateInlineVolume } from '../../core/persistentvolume/validation.ts';
import { internalValue } from '../../core/pod/internal.ts';
import { validateCSIDriverName } from '../../core/pod/volumesNetwork.ts';
import type { VolumeAttachment, VolumeAttachmentSource, VolumeAttachmentSpec, VolumeError } from '../../schema/types/storage/v1.ts';

/** A new attachment is judged more strictly than a stored one. */
export function validateVolumeAttachment(attachment: VolumeAttachment): ErrorList {
  const errors = validateAnyAttachment(attachment);
  const spec = specOf(attachment);
  validateCSIDriverName(errors, spec.attacher, SPEC, 'attacher');
  const volume = spec.source?.persistentVolumeName;
  if (volume !== undefined)
    for (const text of isDNS1123Subdomain(volume)) errors.push(invalid(SPEC.child('source', 'persistentVolumeName'), volume, text));
  return errors;
}

export function validateVolumeAttachmentUpdate(attachment: VolumeAttachment, old: VolumeAttachment): ErrorList {
  const errors = validateAnyAttachment(attachment);
  if (!jsonEqual(attachment.spec, old.spec))
    errors.push(invalid(SPEC, internalValue('VolumeAttachmentSpec', specOf(attachment)), FIELD_IMMUTABLE));
  return errors;
}

function specOf(attachment: VolumeAttachment): Partial<VolumeAttachmentSpec> {
  return (attachment as Partial<VolumeAttachment>).spec ?? {};
}

function validateAnyAttachment(attachment: VolumeAttachment): FieldError[] {
  const errors: FieldError[] = [];
  const { attacher = '', source = {}, nodeName = '' } = specOf(attachment);
  if (attacher === '') errors.push(required(SPEC.child('attacher'), ''));
  validateSource(errors, source, SPEC.child('source'));
  for (const text of isDNS1123Subdomain(nodeName)) errors.push(invalid(SPEC.child('nodeName'), nodeName, text));
  const { status } = attachment;
  validateMetadata(errors, status?.attachmentMetadata ?? {}, STATUS.child('attachmentMetadata'));
  validateError(errors, status?.attachError, STATUS.child('attachError'));
  validateError(errors, status?.detachError, STATUS.child('detachError'));
  return errors;
}

function validateSource(errors: FieldError[], source: VolumeAttachmentSource, path: Path): void {
  const { inlineVolumeSpec: inline, persistentVolumeName: name } = source;
  const text = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (inline === undefined && name === undefined) errors.push(required(path, text));
  else if (inline !== undefined && name !== undefined) errors.push(forbidden(path, text));
  else if (inline !== undefined) validateInlineVolume(errors, inline, path.child('inlineVolumeSpec'));
  else if (name === '') errors.push(required(path.child('persistentVolumeName'), 'must specify non empty persistentVolumeName'));
}

function validateMetadata(errors: FieldError[], metadata: Readonly<Record<string, string>>, path: Path): void {
  let size = 0;
  for (const [key, value] of Object.entries(metadata)) {
    size += byteLength(key) + byteLength(value);
  }
  if (size > MAX_METADATA_BYTES) errors.push(tooLong(path, MAX_METADATA_BYTES));
}

/** The limit that the message names is not the one that is applied. */
function validateError(errors: FieldError[], error: VolumeError | undefined, path: Path): void {
  if (byteLength(error?.message ?? '') > MAX_MESSAGE_BYTES) errors.push(tooLong(path.child('message'), MAX_METADATA_BYTES));
  const code = error?.errorCode ?? 0;
  if (code < 0) errors.push(invalid(path.child('errorCode'), code, 'must be between 0 and 2147483647, inclusive'));
}

const SPEC = Path.of('spec');
const STATUS = Path.of('status');
const MAX_METADATA_BYTES = 256 * 1024;
const MAX_MESSAGE_BYTES = 1024;

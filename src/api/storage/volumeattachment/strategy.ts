/**
 * VolumeAttachments: a volume is to be attached to a node.
 * Invariant: the spec never changes; what came of it is in the status.
 * Counterpart: k8s.io/kubernetes/pkg/registry/storage/volumeattachment.
 */
import type { Draft } from '../../../base/json.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, boolean, NAME, text } from '../../columns.ts';
import { defaultStorageSystems } from '../../core/pod/defaultVolumes.ts';
import { VOLUMEATTACHMENTS } from '../../schema/resources.ts';
import type { VolumeAttachment } from '../../schema/types/storage/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateVolumeAttachment, validateVolumeAttachmentUpdate } from './validation.ts';

export const VOLUMEATTACHMENT_STRATEGY: Strategy<VolumeAttachment> = {
  resource: VOLUMEATTACHMENTS,
  singular: 'volumeattachment',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults: defaultVolumeAttachment,
  prepareForCreate(attachment) {
    attachment.status = { attached: false };
  },
  validate: validateVolumeAttachment,
  validateUpdate: validateVolumeAttachmentUpdate,
  status: { validateUpdate: validateVolumeAttachmentUpdate },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, { ...text('Attacher'), format: 'name' }, text('PV'), text('Node'), boolean('Attached'), AGE],
    cells: (attachment, nowMs) => [
      attachment.metadata.name ?? '',
      attachment.spec.attacher,
      attachment.spec.source.persistentVolumeName ?? '',
      attachment.spec.nodeName,
      attachment.status?.attached === true,
      age(attachment, nowMs),
    ],
  },
};

function defaultVolumeAttachment(attachment: Draft<VolumeAttachment>): void {
  const inline = (attachment as Partial<Draft<VolumeAttachment>>).spec?.source?.inlineVolumeSpec;
  if (inline === undefined) return;
  if (inline.hostPath) inline.hostPath.type ??= '';
  defaultStorageSystems(inline);
}

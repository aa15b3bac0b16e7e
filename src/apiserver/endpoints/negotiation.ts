/**
 * Which form an answer takes: JSON, YAML or protobuf, and whether as the object itself, as a Table or as metadata only.
 * Invariant: pure; what cannot be given is a 406 with the server's text.
 * Counterpart: k8s.io/apiserver/pkg/endpoints/handlers/negotiation.
 */
import { stringify } from 'yaml';
import { PROTOBUF } from './protobuf.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';

export type Transform = 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

export interface Encoding {
  readonly mediaType: 'application/json' | 'application/yaml' | typeof PROTOBUF;
  readonly pretty?: boolean;
}

export interface Negotiated extends Encoding {
  readonly transform?: Transform;
  /** The group version of Table and PartialObjectMetadata that was asked for: `meta.k8s.io/v1`. */
  readonly transformVersion?: string;
}

const TRANSFORMS: ReadonlySet<string> = new Set(['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']);
const AVAILABLE = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/**
 * The first of the accepted forms, in the order of the header, that can be given.
 * @param binary whether the kind has a protobuf form; of Tables there is none, of metadata always
 */
export function negotiate(accept: string | undefined, pretty = false, binary = false): Negotiated | Status {
  const ranges = acceptedRanges(accept);
  for (const { type, parameters } of ranges) {
    const mediaType = mediaTypeOf(type);
    if (mediaType === undefined) continue;
    const as = parameters.get('as');
    if (mediaType === PROTOBUF && (as === undefined ? !binary : as === 'Table')) continue;
    if (as === undefined) return { mediaType, pretty };
    const version = parameters.get('v') ?? 'v1';
    const known = TRANSFORMS.has(as) && parameters.get('g') === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1');
    if (known) return { mediaType, pretty, transform: as as Transform, transformVersion: `meta.k8s.io/${version}` };
  }
  if (ranges.some(({ parameters }) => parameters.has('as'))) {
    return errors.failure(406, 'NotAcceptable', `only the following media types are accepted: ${AVAILABLE.join(', ')}`, {});
  }
  return errors.failure(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${AVAILABLE.join(', ')}`, {});
}

export function isRefusal(value: Negotiated | Status): value is Status {
  return 'status' in value;
}

export function encode(object: unknown, encoding: Encoding): string {
  if (encoding.mediaType === 'application/yaml') return stringify(object, { aliasDuplicateObjects: false, sortMapEntries: true });
  return encoding.pretty === true ? `${JSON.stringify(object, undefined, 2)}\n` : `${JSON.stringify(object)}\n`;
}

export interface AcceptedRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** `a/b;q=0.5;x=y,c/d` as a list with the most wanted first. */
export function acceptedRanges(accept: string | undefined): readonly AcceptedRange[] {
  if (accept === undefined || accept.trim() === '') return [{ type: '*/*', parameters: new Map() }];
  return accept
    .split(',')
    .map((part) => {
      const [type = '', ...pairs] = part.split(';').map((piece) => piece.trim());
      return { type, parameters: new Map(pairs.map((pair) => pair.split('=', 2) as [string, string])) };
    })
    .toSorted((a, b) => quality(b) - quality(a));
}

function quality({ parameters }: AcceptedRange): number {
  const q = Number(parameters.get('q') ?? '1');
  return Number.isNaN(q) ? 0 : q;
}

function mediaTypeOf(type: string): Encoding['mediaType'] | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'application/json';
  return type === 'application/yaml' || type === PROTOBUF ? type : undefined;
}

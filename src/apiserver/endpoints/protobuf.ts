/**
 * Answers in the binary form that Go's clients prefer.
 * Invariant: knows the kinds of the recorded facts; custom resources and the simulator's own kinds have no such form.
 * Counterpart: k8s.io/apimachinery/pkg/runtime/serializer/protobuf.
 */
import facts from '../../api/schema/facts/protobuf.json' with { type: 'json' };
import { encodeProtobuf, encodeWatchEvent, hasProtobuf } from '../../apimachinery/protobuf/encode.ts';
import { apiVersion, type ResourceType } from '../../apimachinery/meta/resource.ts';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

export function isBinary(type: ResourceType): boolean {
  return hasProtobuf(facts, apiVersion(type), type.kind);
}

/** Undefined for objects without a binary form. */
export function toProtobuf(object: unknown): Uint8Array<ArrayBuffer> | undefined {
  return typeof object === 'object' && object !== null ? encodeProtobuf(facts, object) : undefined;
}

/** One event of a watch as a frame, one character a byte. */
export function toWatchFrame(type: string, object: unknown): string {
  let text = '';
  for (const byte of encodeWatchEvent(type, toProtobuf(object) ?? new Uint8Array())) text += String.fromCharCode(byte);
  return text;
}

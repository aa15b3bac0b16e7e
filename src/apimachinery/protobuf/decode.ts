/**
 * API objects in their protobuf form become plain JSON values, by the field numbers of the Go types.
 * Invariant: the values are as a client that speaks JSON would have sent them; unknown fields are dropped, as Go does.
 * Counterpart: the generated Unmarshal methods, and k8s.io/apimachinery/pkg/runtime/serializer/protobuf.
 */
import { formatMicroTime, formatTime } from '../meta/time.ts';
import { fieldsOf, MAGIC, messageOf, type FieldFact, type ProtobufFacts } from './facts.ts';
import { readMessage, text, type WireField } from './wire.ts';

export interface ProtobufObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Without apiVersion and kind. */
  readonly value: Record<string, unknown>;
}

/** @returns undefined for bytes that are no object of a known kind */
export function decodeProtobuf(facts: ProtobufFacts, bytes: Uint8Array): ProtobufObject | undefined {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) return undefined;
  const envelope = readMessage(bytes.subarray(MAGIC.length));
  const typeMeta = messageAt(envelope, 1);
  const apiVersion = textAt(typeMeta, 1);
  const kind = textAt(typeMeta, 2);
  const raw = envelope?.find(({ number }) => number === 2)?.value ?? new Uint8Array();
  const message = messageOf(facts, apiVersion, kind);
  if (message === undefined || !(raw instanceof Uint8Array)) return undefined;
  const value = new Decoder(facts).message(message, raw);
  return value === undefined ? undefined : { apiVersion, kind, value };
}

class Decoder {
  private readonly facts: ProtobufFacts;

  constructor(facts: ProtobufFacts) {
    this.facts = facts;
  }

  message(name: string, bytes: Uint8Array): Record<string, unknown> | undefined {
    const fields = readMessage(bytes);
    if (fields === undefined) return undefined;
    const known = fieldsOf(this.facts, name);
    const result: Record<string, unknown> = {};
    for (const field of fields) {
      const fact = known.find(({ number }) => number === field.number);
      if (fact !== undefined) this.put(result, fact, field);
    }
    return result;
  }

  private put(result: Record<string, unknown>, { name, type, shape }: FieldFact, { value }: WireField): void {
    if (shape === 'inline') {
      if (value instanceof Uint8Array && type in this.facts.messages) Object.assign(result, this.message(type, value));
      else result[name] = this.value(type, value);
    } else if (shape === 'repeated') {
      const list = (result[name] ??= []) as unknown[];
      list.push(this.value(type, value));
    } else if (shape === 'map') {
      const map = (result[name] ??= {}) as Record<string, unknown>;
      const entry = value instanceof Uint8Array ? readMessage(value) : undefined;
      const item = entry?.find(({ number }) => number === 2)?.value;
      map[textAt(entry, 1)] = item === undefined ? this.value(type, new Uint8Array()) : this.value(type, item);
    } else {
      result[name] = this.value(type, value);
    }
  }

  private value(type: string, value: bigint | Uint8Array): unknown {
    if (typeof value === 'bigint') return type === 'bool' ? value !== 0n : Number(value);
    switch (type) {
      case 'string':
        return text(value);
      case 'bytes':
        return base64(value);
      case 'float64':
        return value.length === 8 ? new DataView(value.buffer, value.byteOffset).getFloat64(0, true) : 0;
      case 'Quantity':
        return textAt(readMessage(value), 1);
      case 'Time':
        return timeOf(value, formatTime);
      case 'MicroTime':
        return timeOf(value, formatMicroTime);
      case 'IntOrString':
        return intOrString(value);
      case 'RawExtension':
      case 'FieldsV1':
      case 'JSON':
        return json(value);
      default:
        return type.startsWith('list:') ? this.list(type.slice('list:'.length), value) : this.message(type, value);
    }
  }

  private list(type: string, value: Uint8Array): readonly unknown[] {
    return (readMessage(value) ?? []).filter(({ number }) => number === 1).map((field) => this.value(type, field.value));
  }
}

function messageAt(fields: readonly WireField[] | undefined, number: number): readonly WireField[] | undefined {
  const value = fields?.find((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? readMessage(value) : undefined;
}

function textAt(fields: readonly WireField[] | undefined, number: number): string {
  const value = fields?.find((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? text(value) : '';
}

/** An empty message is the time that is none. */
function timeOf(bytes: Uint8Array, format: (ms: number) => string): string | null {
  const fields = readMessage(bytes) ?? [];
  const part = (number: number): number => Number(fields.find((field) => field.number === number)?.value ?? 0n);
  return fields.length === 0 ? null : format(part(1) * 1000 + part(2) / 1e6);
}

function intOrString(bytes: Uint8Array): number | string {
  const fields = readMessage(bytes);
  const isText = fields?.some(({ number, value }) => number === 1 && value === 1n) === true;
  return isText ? textAt(fields, 3) : Number(fields?.find(({ number }) => number === 2)?.value ?? 0n);
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textAt(readMessage(bytes), 1));
  } catch {
    return null;
  }
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * API objects in their protobuf form, by the field numbers of the Go types.
 * Invariant: what `decodeProtobuf` reads again is the same object; members that the facts do not know are left out.
 * Counterpart: the generated Marshal methods, and k8s.io/apimachinery/pkg/runtime/serializer/protobuf.
 */
import { fieldsOf, MAGIC, messageOf, type FieldFact, type ProtobufFacts } from './facts.ts';
import { WireWriter } from './writer.ts';

/** Whether a kind has a binary form. Tables have none that clients can read. */
export function hasProtobuf(facts: ProtobufFacts, apiVersion: string, kind: string): boolean {
  return kind !== 'Table' && messageOf(facts, apiVersion, kind) !== undefined;
}

/** @returns undefined for a kind without a binary form */
export function encodeProtobuf(facts: ProtobufFacts, object: object): Uint8Array<ArrayBuffer> | undefined {
  const { apiVersion = '', kind = '' } = object as { readonly apiVersion?: string; readonly kind?: string };
  const message = kind === 'Table' ? undefined : messageOf(facts, apiVersion, kind);
  if (message === undefined) return undefined;
  const typeMeta = new WireWriter();
  typeMeta.text(1, apiVersion);
  typeMeta.text(2, kind);
  const envelope = new WireWriter();
  envelope.bytes(1, typeMeta.finish());
  envelope.bytes(2, new Encoder(facts).message(message, object as Members));
  envelope.text(3, '');
  envelope.text(4, '');
  return withMagic(envelope.finish());
}

/** An event of a watch: a frame that begins with its length. */
export function encodeWatchEvent(type: string, object: Uint8Array): Uint8Array<ArrayBuffer> {
  const raw = new WireWriter();
  raw.bytes(1, object);
  const event = new WireWriter();
  event.text(1, type);
  event.bytes(2, raw.finish());
  const bytes = event.finish();
  const frame = new Uint8Array(bytes.length + 4);
  new DataView(frame.buffer).setUint32(0, bytes.length);
  frame.set(bytes, 4);
  return frame;
}

function withMagic(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(MAGIC.length + bytes.length);
  whole.set(MAGIC);
  whole.set(bytes, MAGIC.length);
  return whole;
}

type Members = Readonly<Record<string, unknown>>;

class Encoder {
  private readonly facts: ProtobufFacts;

  constructor(facts: ProtobufFacts) {
    this.facts = facts;
  }

  message(name: string, value: Members): Uint8Array {
    const writer = new WireWriter();
    for (const field of fieldsOf(this.facts, name)) this.field(writer, field, value);
    return writer.finish();
  }

  private field(writer: WireWriter, { number, name, type, shape }: FieldFact, members: Members): void {
    if (shape === 'inline' && type in this.facts.messages) {
      const inner = this.message(type, members);
      if (inner.length > 0) writer.bytes(number, inner);
      return;
    }
    const value = members[name];
    if (value === undefined) return;
    if (value === null) {
      // A time that is none is an empty message.
      if (type === 'Time' || type === 'MicroTime') writer.bytes(number, new Uint8Array());
      return;
    }
    if (shape === 'repeated') {
      for (const item of value as readonly unknown[]) this.value(writer, number, type, item);
    } else if (shape === 'map') {
      for (const [key, item] of Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        const entry = new WireWriter();
        entry.text(1, key);
        this.value(entry, 2, type, item);
        writer.bytes(number, entry.finish());
      }
    } else this.value(writer, number, type, value);
  }

  private value(writer: WireWriter, number: number, type: string, value: unknown): void {
    switch (type) {
      case 'string':
        return writer.text(number, String(value));
      case 'bool':
        return writer.number(number, value === true ? 1 : 0);
      case 'int32':
      case 'int64':
        return writer.number(number, typeof value === 'number' && Number.isSafeInteger(value) ? value : 0);
      case 'float64':
        return writer.double(number, Number(value));
      case 'bytes':
        return writer.bytes(number, fromBase64(String(value)));
      case 'Quantity':
        return writer.bytes(number, wrapped(String(value)));
      case 'Time':
      case 'MicroTime':
        return writer.bytes(number, time(value));
      case 'IntOrString':
        return writer.bytes(number, intOrString(value));
      case 'FieldsV1':
      case 'JSON':
      case 'RawExtension':
        return writer.bytes(number, wrapped(JSON.stringify(value)));
      default:
        writer.bytes(
          number,
          type.startsWith('list:') ? this.list(type.slice('list:'.length), value) : this.message(type, value as Members),
        );
    }
  }

  private list(type: string, value: unknown): Uint8Array {
    const writer = new WireWriter();
    for (const item of value as readonly unknown[]) this.value(writer, 1, type, item);
    return writer.finish();
  }
}

/** A message with one text. */
function wrapped(text: string): Uint8Array {
  const writer = new WireWriter();
  writer.text(1, text);
  return writer.finish();
}

function time(value: unknown): Uint8Array {
  const text = String(value);
  const ms = Date.parse(text);
  const writer = new WireWriter();
  if (Number.isNaN(ms)) return writer.finish();
  writer.number(1, Math.floor(ms / 1000));
  const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? '';
  writer.number(2, Number(fraction.padEnd(9, '0')));
  return writer.finish();
}

function intOrString(value: unknown): Uint8Array {
  const writer = new WireWriter();
  const isText = typeof value === 'string';
  writer.number(1, isText ? 1 : 0);
  writer.number(2, isText ? 0 : Number(value));
  writer.text(3, isText ? value : '');
  return writer.finish();
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

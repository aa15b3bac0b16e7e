/** `3 name core.v1.Type` with `+` (repeated), `@` (map with texts as keys) or `^` (its fields are the parent's) behind the type. */
export interface ProtobufFacts {
  readonly kinds: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, readonly string[]>>;
}

export interface FieldFact {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly shape: 'one' | 'repeated' | 'map' | 'inline';
}

/** Each object in its binary form begins with these bytes. */
export const MAGIC: readonly number[] = [0x6b, 0x38, 0x73, 0x00];

/** The message of a kind; undefined if it has no binary form. */
export function messageOf(facts: ProtobufFacts, apiVersion: string, kind: string): string | undefined {
  return facts.kinds[`${apiVersion} ${kind}`] ?? facts.kinds[`meta ${kind}`];
}

/** The fields of a message in the order of their numbers; parsed once. */
export function fieldsOf(facts: ProtobufFacts, message: string): readonly FieldFact[] {
  let known = parsed.get(facts);
  if (known === undefined) parsed.set(facts, (known = new Map()));
  let fields = known.get(message);
  if (fields === undefined) known.set(message, (fields = (facts.messages[message] ?? []).map(parseFact)));
  return fields;
}

const parsed = new WeakMap<ProtobufFacts, Map<string, readonly FieldFact[]>>();

function parseFact(fact: string): FieldFact {
  const [number = '', name = '', marked = ''] = fact.split(' ');
  const type = marked.replace(/[+@^]+$/, '');
  const shape = marked.includes('@') ? 'map' : marked.includes('+') ? 'repeated' : marked.includes('^') ? 'inline' : 'one';
  return { number: Number(number), name, type, shape };
}

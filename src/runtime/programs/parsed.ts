import { parseProgram, type Program, type Start } from './grammar.ts';

const CACHE_LIMIT = 2048;
/** A pure memo of parsed texts: many Pods of one template share a program. */
const parsed = new Map<string, Program>();

/** @param healthy it answers whatever it is asked */
export function parsedProgram(text: string, healthy: boolean): Program {
  const key = healthy ? `healthy ${text}` : text;
  let program = parsed.get(key);
  if (program === undefined) {
    const made = parseProgram(text).program;
    program = healthy ? { ...made, starts: made.starts.map((start) => ({ ...start, healthy: true })) } : made;
    if (parsed.size >= CACHE_LIMIT) parsed.clear();
    parsed.set(key, program);
  }
  return program;
}

/** The first start of a program. */
export function parsedStart(text: string, healthy: boolean): Start {
  return parsedProgram(text, healthy).starts[0] ?? { work: [] };
}

/** The forms that arguments of instructions have: JSON, and names with values. */

/** `["a", "b"]` as its texts; undefined if it is anything else, which then is a command or words. */
export function jsonForm(args: string): readonly string[] | undefined {
  if (!args.trimStart().startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(args);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? (value as readonly string[]) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `A=1 B="x y"`, or the old form `A the rest`. Names and values still have their quotes and variables.
 * @returns instead the word that has no `=`, or `alone` for a name without a value
 */
export function pairsOf(args: string): readonly (readonly [string, string])[] | { readonly word: string } | { readonly alone: string } {
  const words = quotedWords(args);
  const [first = ''] = words;
  if (!first.includes('=')) {
    const rest = args.trim().slice(first.length).trim();
    return rest === '' ? { alone: first } : [[first, rest]];
  }
  const pairs: (readonly [string, string])[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 0) return { word };
    pairs.push([word.slice(0, at), word.slice(at + 1)]);
  }
  return pairs;
}

/** Words apart by blanks; quotes and escaped blanks hold a word together and stay in it. */
export function quotedWords(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && quote !== "'" && at + 1 < text.length) {
      word += char + text.charAt(++at);
      continue;
    }
    if (quote === '' && /\s/.test(char)) {
      if (word !== '') words.push(word);
      word = '';
      continue;
    }
    if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    word += char;
  }
  return word === '' ? words : [...words, word];
}

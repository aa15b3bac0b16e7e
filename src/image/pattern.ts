/** A regular expression of a source that came from a person's pattern: one that is none (`[z-a]`) fits nothing. */
export function expressionOf(source: string, flags = ''): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    return /(?!)/;
  }
}

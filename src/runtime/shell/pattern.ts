/** Patterns of the shell: `*`, `?`, `[a-z]`, `[!a]`; a backslash takes the meaning from what follows. */
export function patternSource(pattern: string): string {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? '';
    if (char === '*') source += '[^]*';
    else if (char === '?') source += '[^]';
    else if (char === '[') {
      const end = pattern.indexOf(']', at + (/[!^]/.test(pattern[at + 1] ?? '') ? 3 : 2));
      if (end < 0) source += '\\[';
      else {
        source += classSource(pattern.slice(at + 1, end));
        at = end;
      }
    } else source += quoted(char === '\\' ? (pattern[++at] ?? '\\') : char);
  }
  return source;
}

export function matches(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${patternSource(pattern)})$`).test(text);
}

/** Takes the special meaning away from every character, in a regular expression as well. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[*?[\]\\.+^$(){}|]/g, '\\$&');
}

/** Whether anything in it stands for more than itself. */
export function isPattern(pattern: string): boolean {
  return /[*?[]/.test(pattern.replaceAll(/\\[^]/g, ''));
}

export function unescapePattern(pattern: string): string {
  return pattern.replaceAll(/\\([^])/g, '$1');
}

function quoted(char: string): string {
  return char.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9a-fA-F',
};

function classSource(inside: string): string {
  const negated = /^[!^]/.test(inside);
  const members = (negated ? inside.slice(1) : inside)
    .replaceAll(/[\\\]^]/g, '\\$&')
    .replaceAll(/\[:(\w+):/g, (whole, name: string) => CLASSES[name] ?? whole);
  const source = `[${negated ? '^' : ''}${members}]`;
  try {
    return new RegExp(source).source;
  } catch {
    return quoted('[');
  }
}

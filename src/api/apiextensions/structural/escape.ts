/** Names of properties as CEL can write them. Counterpart: k8s.io/apiserver/pkg/cel/escaping.go. */
const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

const ESCAPES: Readonly<Record<string, string>> = { __: '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' };
const NAMES: Readonly<Record<string, string>> = { underscores: '__', dot: '.', dash: '-', slash: '/' };

/** Undefined for a name that CEL cannot write. */
export function escapeName(name: string): string | undefined {
  if (name === '' || /^[0-9]/.test(name) || /[^a-zA-Z0-9\-./_]/.test(name)) return undefined;
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replaceAll(/__|[-./]/g, (part) => ESCAPES[part] ?? part);
}

export function unescapeName(name: string): string {
  if (!name.includes('__')) return name;
  return name.replaceAll(/__([^_]+)__/g, (part, inner: string) => NAMES[inner] ?? (RESERVED.has(inner) && part === name ? inner : part));
}

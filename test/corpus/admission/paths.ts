/** The value at `a.b[0].c`, `a[*].b` or `a["dotted.key"].c`; null where there is none. */
export function at(object: unknown, path: string): unknown {
  const steps = [...path.matchAll(/\["([^"]+)"\]|\[(\*|\d+)\]|([^.[\]]+)/g)];
  return follow(object, steps);
}

function follow(value: unknown, [step, ...rest]: readonly RegExpExecArray[]): unknown {
  if (step === undefined) return value ?? null;
  const [, quoted, index, plain] = step;
  if (index === '*') return Array.isArray(value) ? value.map((item) => follow(item, rest)) : null;
  if (index !== undefined) return Array.isArray(value) && Number(index) < value.length ? follow(value[Number(index)], rest) : null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const key = quoted ?? plain ?? '';
  return Object.hasOwn(value, key) ? follow((value as Record<string, unknown>)[key], rest) : null;
}

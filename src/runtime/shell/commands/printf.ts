import type { Task } from '../../process/task.ts';

const MOST_DIGITS = 4_096;

/** As many as a number can show. */
function digits(precision: string | undefined): number {
  return Math.min(Number(precision ?? 6), 100);
}

/** A format with its values, once. */
export function formatted(format: string, values: readonly string[]): string {
  return once(format, values, () => undefined).text;
}

/** `printf FORMAT [ARG…]`: the format is used again as long as there are arguments. */
export function printf(task: Task, args: readonly string[]): number {
  const { text, status } = printed(task, args);
  task.print(text);
  return status;
}

/** What it would print. */
export function printed(task: Task, args: readonly string[]): { readonly text: string; readonly status: number } {
  const [format = '', ...values] = args[0] === '--' ? args.slice(1) : args;
  let all = '';
  const pieces = unescape(format);
  let rest = values;
  let status = 0;
  do {
    const { text, used } = once(pieces, rest, (problem) => {
      task.complain(`printf: ${problem}`);
      status = 1;
    });
    all += text;
    if (used === 0) break;
    rest = rest.slice(used);
  } while (rest.length > 0);
  return { text: all, status };
}

function once(
  format: string,
  values: readonly string[],
  complain: (problem: string) => void,
): { readonly text: string; readonly used: number } {
  let used = 0;
  const text = format.replaceAll(
    /%([-+ 0#]*)(\*|\d*)(?:\.(\d+))?([diouxXeEfgGcsbq%])/g,
    (_, flags: string, width: string, precision: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      const size = Math.min(Math.abs(width === '*' ? Number(values[used++]) || 0 : Number(width || 0)), MOST_DIGITS);
      const value = values[used++];
      const number = (): number => {
        const parsed = /^['"]/.test(value ?? '') ? (value ?? '').charCodeAt(1) : Number(value === undefined || value === '' ? '0' : value);
        if (!Number.isNaN(parsed)) return parsed;
        complain(`invalid number '${value ?? ''}'`);
        return Number.parseFloat(value ?? '') || 0;
      };
      const shown = convert(kind, value ?? '', precision, number);
      const signed = flags.includes('+') && /[dif]/.test(kind) && !shown.startsWith('-') ? `+${shown}` : shown;
      if (flags.includes('-')) return signed.padEnd(size);
      return flags.includes('0') && kind !== 's' ? signed.padStart(size, '0') : signed.padStart(size);
    },
  );
  return { text, used };
}

function convert(kind: string, value: string, precision: string | undefined, number: () => number): string {
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return String(Math.trunc(number()));
    case 'o':
      return Math.trunc(number()).toString(8);
    case 'x':
      return Math.trunc(number()).toString(16);
    case 'X':
      return Math.trunc(number()).toString(16).toUpperCase();
    case 'e':
    case 'E':
      return number()
        .toExponential(digits(precision))
        .replace(/e([-+])(\d)$/, 'e$10$2');
    case 'f':
      return number().toFixed(digits(precision));
    case 'g':
    case 'G':
      return String(Number(number().toPrecision(digits(precision) || 1)));
    case 'c':
      return value.slice(0, 1);
    case 'b':
      return unescape(value);
    case 'q':
      return /^[\w./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
    default:
      return precision === undefined ? value : value.slice(0, Number(precision));
  }
}

/** `\n`, `\t`, `\033`, `\x1b` */
export function unescape(text: string): string {
  const known: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    '\\': '\\',
    e: '\u001b',
    a: '\u0007',
    b: '\b',
    f: '\f',
    v: '\v',
    '"': '"',
  };
  return text.replaceAll(
    /\\(?:x([0-9a-fA-F]{1,2})|(0?[0-7]{1,3})|([ntreabfv\\"]))/g,
    (whole, hex: string | undefined, octal: string | undefined, letter: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
      return known[letter ?? ''] ?? whole;
    },
  );
}

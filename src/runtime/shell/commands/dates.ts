const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** A time as `date +FORMAT` shows it, in UTC. */
export function formatDate(atMs: number, format: string): string {
  const now = new Date(atMs);
  const iso = now.toISOString();
  const day = DAYS[now.getUTCDay()] ?? '';
  const month = MONTHS[now.getUTCMonth()] ?? '';
  const hour12 = String(now.getUTCHours() % 12 || 12).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    '%': '%',
    n: '\n',
    t: '\t',
    s: String(Math.floor(atMs / 1000)),
    N: `${iso.slice(20, 23)}000000`,
    Y: iso.slice(0, 4),
    y: iso.slice(2, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    e: iso.slice(8, 10).replace(/^0/, ' '),
    H: iso.slice(11, 13),
    I: hour12,
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    p: now.getUTCHours() < 12 ? 'AM' : 'PM',
    F: iso.slice(0, 10),
    D: `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(2, 4)}`,
    T: iso.slice(11, 19),
    R: iso.slice(11, 16),
    X: iso.slice(11, 19),
    r: `${hour12}:${iso.slice(14, 19)} ${now.getUTCHours() < 12 ? 'AM' : 'PM'}`,
    a: day.slice(0, 3),
    A: day,
    b: month.slice(0, 3),
    h: month.slice(0, 3),
    B: month,
    u: String(now.getUTCDay() || 7),
    w: String(now.getUTCDay()),
    j: String(Math.floor((atMs - Date.UTC(now.getUTCFullYear(), 0, 1)) / 86_400_000) + 1).padStart(3, '0'),
    Z: 'UTC',
    z: '+0000',
    c: `${day.slice(0, 3)} ${month.slice(0, 3)} ${iso.slice(8, 10).replace(/^0/, ' ')} ${iso.slice(11, 19)} ${iso.slice(0, 4)}`,
  };
  return format.replaceAll(/%-?([a-zA-Z%])/g, (whole, letter: string) => {
    const text = parts[letter];
    return text === undefined ? whole : whole.startsWith('%-') ? text.replace(/^0(?=.)/, '').trim() : text;
  });
}

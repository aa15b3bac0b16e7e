/**
 * Who may speak to the loopback server at all. A web page of another site can make a browser send requests to loopback
 * addresses, so the host name must be a loopback one (against DNS rebinding) and a browser's origin the server's own.
 */
const HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** @param port the port that the server listens on */
export function refusal(headers: Readonly<Record<string, string | undefined>>, port: number): string | undefined {
  const host = headers['host'] ?? '';
  const colon = host.endsWith(']') ? -1 : host.lastIndexOf(':');
  const name = colon < 0 ? host : host.slice(0, colon);
  if (!HOSTS.has(name.toLowerCase())) return `the host "${name}" is not served here`;
  const origin = headers['origin'];
  if (origin === undefined) return undefined;
  const own = [...HOSTS].map((hostName) => `https://${hostName}:${port}`);
  return own.includes(origin.toLowerCase()) ? undefined : `requests from "${origin}" are not served here`;
}

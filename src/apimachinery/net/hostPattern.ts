/** Whether a host of a rule or a certificate means this one: `*.example.com` stands for one more label. */
export function isHostOf(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith('*.') && host.includes('.') && host.slice(host.indexOf('.')) === pattern.slice(1));
}

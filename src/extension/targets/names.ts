/** A name out of that of a context: `arn:aws:eks:eu:1:cluster/Shop` > `shop`. */
export function proposed(context: string): string {
  const last = context.split(/[/:@]/).findLast((part) => part !== '') ?? '';
  return last
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');
}

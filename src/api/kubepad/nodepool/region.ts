/** `us-east-1` of `us-east-1a`; undefined: the zone is none of Amazon's. */
export function regionOf(zone: string): string | undefined {
  return /^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$/.exec(zone)?.[1];
}

/** Under which domain the machines of a region have their names inside: the oldest region has one of its own. */
export function privateDomain(region: string): string {
  return region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
}

/** `ip-192-168-1-2.eu-west-1.compute.internal` */
export function privateDnsName(address: string, region: string): string {
  return `ip-${address.replaceAll('.', '-')}.${privateDomain(region)}`;
}

/** The address that such a name says; undefined: it is none. */
export function addressOfPrivateName(name: string): string | undefined {
  const found = /^ip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})\.(?:ec2|[a-z0-9-]+\.compute)\.internal$/.exec(name);
  return found === null ? undefined : found.slice(1).join('.');
}

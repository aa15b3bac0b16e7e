import assert from 'node:assert/strict';
import { addressOfPrivateName, privateDnsName, regionOf } from '../../../../../src/api/kubepad/nodepool/region.ts';

describe('regions of Amazon', () => {
  const zones: readonly (readonly [string, string | undefined])[] = [
    ['us-east-1a', 'us-east-1'],
    ['ap-southeast-2c', 'ap-southeast-2'],
    ['us-gov-west-1b', 'us-gov-west-1'],
    ['zone-a', undefined],
    ['', undefined],
  ];
  for (const [zone, region] of zones)
    it(`a machine in ${zone || 'no zone'} is in ${region ?? 'none'}`, () => assert.equal(regionOf(zone), region));

  const names: readonly (readonly [string, string, string])[] = [
    ['10.0.1.2', 'eu-west-1', 'ip-10-0-1-2.eu-west-1.compute.internal'],
    ['192.168.0.4', 'us-east-1', 'ip-192-168-0-4.ec2.internal'],
  ];
  for (const [address, region, name] of names)
    it(`${address} in ${region} is ${name}, and back`, () => {
      assert.equal(privateDnsName(address, region), name);
      assert.equal(addressOfPrivateName(name), address);
    });

  it('other names say no address', () => assert.equal(addressOfPrivateName('ip-10-0-1.ec2.internal'), undefined));
});

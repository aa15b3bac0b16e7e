import assert from 'node:assert/strict';
import { proposed } from '../../../src/extension/targets/names.ts';
import { CLUSTER_NAME } from '../../../src/host/protocol/clusters.ts';

const names: readonly (readonly [string, string])[] = [
  ['production', 'production'],
  ['arn:aws:eks:eu-west-1:123456789012:cluster/Shop', 'shop'],
  ['gke_project_europe-west1_shop', 'gke-project-europe-west1-shop'],
  ['admin@shop.example.com', 'shop-example-com'],
  ['Fork 1', 'fork-1'],
  ['kubernetes-admin@kubernetes', 'kubernetes'],
  [`${'x'.repeat(39)}-${'y'.repeat(9)}`, 'x'.repeat(39)],
];

describe('names that are proposed for clusters', () => {
  for (const [context, name] of names)
    it(`${context} > ${name}`, () => {
      assert.equal(proposed(context), name);
      assert.match(name, CLUSTER_NAME);
    });
});

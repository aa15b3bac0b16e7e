// The real helm against `kubepad serve`, with the charts of the samples.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { root } from '../../scripts/support/process.ts';
import { findBinaries } from './support/binaries.ts';
import { ClientSession, succeeded } from './support/session.ts';

const binaries = findBinaries();
const chart = (name: string): string => join(root, 'samples/charts', name);

describe('helm', function () {
  this.timeout(120_000);
  if (binaries === undefined) {
    it('cannot be had here');
    return;
  }
  const session = new ClientSession(binaries);
  const helm = async (args: string): Promise<string> => succeeded(await session.helm(args));
  const field = async (object: string, path: string): Promise<string> =>
    succeeded(await session.kubectl(['get', object, '-o', `jsonpath={${path}}`]));
  before(() => session.start('--speed', '10'));
  after(() => session.stop());

  it('installs a chart with a kind of its own and hooks, upgrades, rolls back and uninstalls it', async () => {
    assert.match(await helm(`install lamps ${chart('lamp-operator')} --wait --timeout 60s`), /STATUS: deployed/);
    assert.equal(await field('lamp/lamps', '.spec.watts} {.spec.color'), '40 white');
    assert.equal(await field('job/lamps-pre-install', '.status.succeeded'), '1');
    assert.equal(await field('deploy/lamps', '.status.availableReplicas'), '1');
    assert.match(await helm(`upgrade lamps ${chart('lamp-operator')} --set watts=60,replicas=2 --wait --timeout 60s`), /REVISION: 2/);
    assert.equal(await field('lamp/lamps', '.spec.watts'), '60');
    assert.equal(await field('job/lamps-post-upgrade', '.status.succeeded'), '1');
    assert.match(
      (await session.helm(`upgrade lamps ${chart('lamp-operator')} --set watts=600`)).err,
      /should be less than or equal to 200/,
    );
    assert.match(await helm('rollback lamps 1 --wait --timeout 60s'), /Rollback was a success/);
    assert.equal(await field('deploy/lamps', '.spec.replicas'), '1');
    assert.match(await helm('history lamps'), /superseded[^]*failed[^]*deployed/);
    assert.match(await helm('uninstall lamps --wait'), /uninstalled/);
    assert.equal((await session.kubectl('get lamp lamps')).code, 1);
    assert.equal((await session.kubectl('get crd lamps.example.org')).code, 0);
  });

  it('installs a chart with a chart in it, and finds its own objects at an upgrade', async () => {
    assert.match(await helm(`install shop ${chart('store')} --wait --timeout 60s`), /STATUS: deployed/);
    const password = await field('secret/shop', '.data.password');
    assert.equal(await field('sts/shop-cache', '.spec.template.spec.containers[0].resources.limits.memory'), '64Mi');
    await helm(`upgrade shop ${chart('store')} --set replicas=3 --wait --timeout 60s`);
    assert.equal(await field('secret/shop', '.data.password'), password);
    assert.equal(await field('deploy/shop', '.status.readyReplicas'), '3');
    await helm(`upgrade shop ${chart('store')} --set cache.enabled=false --wait --timeout 60s`);
    assert.equal((await session.kubectl('get sts shop-cache')).code, 1);
    await helm('rollback shop 1 --wait --timeout 60s');
    assert.equal(await field('sts/shop-cache', '.status.readyReplicas'), '1');
    assert.match(await helm('uninstall shop --wait'), /uninstalled/);
    assert.equal((await session.kubectl('get deploy shop')).code, 1);
  });
});

import assert from 'node:assert/strict';
import { LogFollowers } from '../../../../src/host/worker/logFollowers.ts';
import { logs } from '../../../../src/host/worker/objects.ts';
import { createPod, readyCluster, run } from '../../kubelet/support.ts';

describe('a log that is followed', () => {
  const open = (program: string) => {
    const cluster = readyCluster();
    const shown = { cluster };
    const told: string[] = [];
    const followers = new LogFollowers(
      () => shown.cluster,
      (id, text) =>
        told.push(
          ...text
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => `${id} ${line.replace(/^\S+ /, '')}`),
        ),
    );
    createPod(cluster, 'app', program);
    run(cluster, 5);
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'app' };
    const answer = logs(cluster, followers, { ref, container: undefined, previous: false, tailLines: undefined, follow: 'f' });
    assert.ok(answer.ok);
    return { cluster, shown, followers, told, first: answer.value };
  };

  it('is told what is written later, each line once', () => {
    const { cluster, followers, told, first } = open('log one; log two; sleep 60; log three; log four; run');
    assert.deepEqual(first.match(/\w+$/gm), ['one', 'two']);
    followers.flush();
    assert.deepEqual(told, []);
    run(cluster, 90);
    followers.flush();
    followers.flush();
    assert.deepEqual(told, ['f three', 'f four']);
  });

  it('goes on with the container that starts again', () => {
    const { cluster, followers, told } = open('log begin; sleep 20; exit 1');
    run(cluster, 60);
    followers.flush();
    assert.deepEqual(told, ['f begin']);
  });

  it('is not mixed with that of a namesake in another cluster, and goes on when its own is shown again', () => {
    const { cluster, shown, followers, told } = open('log one; sleep 60; log two; run');
    const other = readyCluster();
    createPod(other, 'app', 'log three; run');
    run(other, 90);
    run(cluster, 90);
    shown.cluster = other;
    followers.flush();
    assert.deepEqual(told, []);
    shown.cluster = cluster;
    followers.flush();
    assert.deepEqual(told, ['f two']);
  });

  it('is told nothing when nobody follows it any more', () => {
    const { cluster, followers, told } = open('log one; sleep 60; log two; run');
    followers.stop('f');
    run(cluster, 90);
    followers.flush();
    assert.deepEqual(told, []);
  });
});

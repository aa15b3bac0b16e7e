/**
 * A process that is made to be killed: writes ConfigMaps into a stored cluster and says which writes were acknowledged.
 * Arguments: the database file, the number of the first write.
 */
import { CONFIGMAPS, DEPLOYMENTS } from '../../../../src/api/schema/resources.ts';
import { PersistentCluster } from '../../../../src/host/persistence/persistentCluster.ts';
import { SqliteJournal } from '../../../../src/host/persistence/sqliteJournal.ts';
import { webDeployment } from '../../cluster/support.ts';

const [file = '', first = '0'] = process.argv.slice(2);
const stored = new PersistentCluster({
  cluster: { seed: 'kill', startTime: Date.UTC(2026, 0, 1), preset: 'default' },
  journal: new SqliteJournal(file),
  program: 'test',
});
const { cluster } = stored;
const admin = cluster.admin();
if (!stored.restored) {
  admin.create(DEPLOYMENTS, webDeployment(2));
  stored.flush();
}
process.stdout.write(`ready ${cluster.simulation.eventsHandled}\n`);
for (let number = Number(first); ; number++) {
  admin.create(CONFIGMAPS, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `write-${number}`, namespace: 'default' },
    data: { number: String(number) },
  });
  stored.flush();
  process.stdout.write(`acknowledged ${number}\n`);
  cluster.simulation.advance(cluster.simulation.now() + 250);
  if (number % 7 === 0) stored.tick();
}

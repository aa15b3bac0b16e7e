/**
 * What a cluster adds to the verdict on files: what it would refuse or warn of now, by the objects and policies that it has.
 * Invariant: an object that is wrong by itself is not tried; what is missing in the cluster and among the files is no refusal.
 * Counterpart: `kubectl apply --dry-run=server`, over a repository.
 */
import { inDependencyOrder } from '../../../kubectl/order.ts';
import { shiftDiagnostic, type Documents, type PlacedEntry } from '../../../manifest/documents.ts';
import type { WorkspaceIndex } from '../../../manifest/references/workspaceIndex.ts';
import { groupKindOf } from '../../../manifest/references/world.ts';
import type { HintContext } from '../../../manifest/rendered/hints.ts';
import { areOff } from '../../../manifest/rules/settings.ts';
import { SubjectReader } from '../../worker/admission/subjects.ts';
import { policiesOf, tryObject, type TrialContext } from '../../worker/admission/trial.ts';
import type { ManifestObject } from '../../worker/manifestDocuments.ts';
import type { Finding } from '../report.ts';
import { openCluster, type ClusterAccess, type ClusterChoice } from './access.ts';
import { inParallel } from './inParallel.ts';
import { takeSnapshot } from './snapshot.ts';

interface Item {
  readonly file: string;
  readonly placed: PlacedEntry;
  readonly object: ManifestObject;
}

/** Requests that are under way together: dry runs do not know of each other. */
const AT_ONCE = 8;

export interface ClusterAnswer {
  /** As they are asked for, but that the cluster is known. */
  readonly hints: HintContext;
  /** What it would refuse or warn of. */
  readonly findings: readonly Finding[];
}

/**
 * @param documents judges a file that it is given
 * @throws Error if the cluster cannot be asked
 */
export async function askCluster(
  choice: ClusterChoice,
  files: readonly string[],
  documents: Documents,
  { index, hints }: { readonly index: WorkspaceIndex; readonly hints: HintContext },
): Promise<ClusterAnswer> {
  const access = await openCluster(choice);
  const objects = [...index.uris()].flatMap((uri) => index.of(uri));
  const { namespace } = access;
  const cluster = await takeSnapshot(access.rest, objects, { namespace, rules: !areOff(hints.settings.rules) });
  const findings = await admissionFindings(access, files, documents, index);
  return { hints: { ...hints, world: { ...hints.world, cluster, namespace } }, findings };
}

async function admissionFindings(
  access: ClusterAccess,
  files: readonly string[],
  documents: Documents,
  index: WorkspaceIndex,
): Promise<readonly Finding[]> {
  const reader = new SubjectReader();
  const items = files.flatMap((file) => {
    documents.change(file, index.textOf(file));
    const entries = documents.entries(file);
    documents.close(file);
    return entries.flatMap((placed) => reader.objects(placed.entry, access.namespace).map((object): Item => ({ file, placed, object })));
  });
  const policies = await policiesOf(access.rest);
  const found = new Map<Item, readonly Finding[]>();
  const ordered = inDependencyOrder(items, ({ object }) => object.ref?.kind ?? '');
  await inParallel(ordered, access.dryRun ? AT_ONCE : 1, async (item) => {
    const { entry, line } = item.placed;
    const said = new Set(entry.diagnostics.map(({ message }) => message));
    const context: TrialContext = {
      rest: access.rest,
      dryRun: access.dryRun,
      policy: (name) => policies.get(name),
      isWarning: (message) => !said.has(message),
      document: () => entry.document,
    };
    const own = (await tryObject(context, item.object)).filter(
      ({ misses }) => misses === undefined || index.named(groupKindOf(misses.kind), misses.name).size === 0,
    );
    found.set(
      item,
      own.map(({ diagnostic }) => ({ file: item.file, diagnostic: shiftDiagnostic(diagnostic, line) })),
    );
  });
  return items.flatMap((item) => found.get(item) ?? []);
}

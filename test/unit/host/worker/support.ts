import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { createInProcessRest } from '../../../../src/host/worker/inProcessRest.ts';
import type { ManifestResult } from '../../../../src/host/protocol/protocol.ts';
import { applyFiles } from '../../../../src/host/worker/manifests.ts';
import { createApiJudge } from '../../../../src/manifest/apiJudge.ts';

/** Applies documents to a cluster as the worker does; throws if one is refused. */
export function createRest(cluster: Cluster): {
  readonly apply: (text: string) => Promise<void>;
  readonly tryToApply: (text: string) => Promise<readonly ManifestResult[]>;
} {
  const rest = createInProcessRest({ api: cluster.api, before: () => undefined, after: () => undefined });
  const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
  const tryToApply = async (text: string): Promise<readonly ManifestResult[]> => {
    const { results } = await applyFiles(
      { rest, judge: createApiJudge(), token, onProgress: () => undefined },
      { files: [{ uri: 'file:///all.yaml', text }], dryRun: false, namespace: 'default', progress: undefined },
    );
    return results;
  };
  return {
    tryToApply,
    async apply(text) {
      const results = await tryToApply(text);
      const rejected = results.filter(({ action }) => action === 'rejected').map(({ subject, message }) => `${subject}: ${message}`);
      if (rejected.length > 0) throw new Error(rejected.join('\n'));
    },
  };
}

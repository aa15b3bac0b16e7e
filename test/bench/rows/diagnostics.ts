import { join } from 'node:path';
import { root } from '../../../scripts/support/process.ts';
import { createApiJudge } from '../../../src/manifest/apiJudge.ts';
import { Documents } from '../../../src/manifest/documents.ts';
import { requests, tellWorker } from '../../../src/host/protocol/protocol.ts';
import { type LanguageServer, measureServer, type ServerTimes, type Typing } from '../peers/languageServer.ts';
import { findYamlLanguageServer, YAML_LANGUAGE_SERVER } from '../peers/yamlLanguageServer.ts';
import { quantile, type Measurement, type Row, seconds } from '../row.ts';
import { bundle, manyDocuments, withWorker } from './programStart.ts';

/** What yaml-language-server waits for after an edit, in all releases so far. */
const PEER_PAUSE_MS = 200;
const ELSEWHERE = 'yaml-language-server 2.0 with its Kubernetes schema, another run';

const uri = 'a.yaml';

/** Both servers get the same text and the same keys, one after the other, in the same minute. */
export const DIAGNOSTICS_ROW: Row = {
  id: 'diagnostics',
  lines: [
    { what: 'keystroke to diagnostics, 50 documents, 1,550 lines, work p95', target: '≤ 20 ms', peer: `${ELSEWHERE}: 138 ms median` },
    {
      what: 'the same over LSP as an editor sees it, with the pause after typing, p95',
      target: '≤ 60 ms',
      peer: `${ELSEWHERE}: 338 ms median`,
    },
    { what: 'first diagnostics of such a file, worker not yet started', target: '≤ 400 ms', peer: `${ELSEWHERE}: 1.9 to 3.9 s` },
    { what: 'the same over LSP, from the start of the process', target: '≤ 400 ms', peer: `${ELSEWHERE}: 1.9 to 3.9 s` },
  ],
  run: async () => {
    const worker = await firstDiagnostics();
    bundle();
    const own = { program: join(root, 'dist/kubepad.mjs'), args: ['lsp', '--stdio'] };
    const other = findYamlLanguageServer();
    // One start of each that does not count: files are read and compiled for the first time.
    await serverTimes(own, 1, 1);
    if (other !== undefined) await serverTimes(other, 1, 1);
    const mine = await serverTimes(own, 3, 40);
    const peer = other === undefined ? undefined : await serverTimes(other, 3, 20);
    const keys = mine.keystrokesMs;
    return [
      work(peer),
      compared(quantile(keys, 0.95), 60, peer, median(peer), 'median', `median ${seconds(quantile(keys, 0.5))}`),
      compared(worker, 400, peer, peer?.firstMs, 'from the start of its process'),
      compared(mine.firstMs, 400, peer, peer?.firstMs, 'from the start of its process'),
    ];
  },
};

function work(peer: ServerTimes | undefined): Measurement {
  const documents = new Documents(createApiJudge());
  const text = manyDocuments(50);
  documents.change(uri, text);
  documents.diagnostics(uri);
  const samples: number[] = [];
  let judged = 0;
  for (let key = 0; key < 200; key++) {
    const typed = text.replace(`web-${key % 50}\n`, `web-${key % 50}${'x'.repeat((key % 7) + 1)}\n`);
    const start = performance.now();
    documents.change(uri, typed);
    judged += documents.diagnostics(uri)?.judged ?? 0;
    samples.push(performance.now() - start);
  }
  const own = median(peer);
  const documentsPerKey = `${(judged / samples.length).toFixed(1)} documents judged a keystroke`;
  const without = own === undefined ? undefined : own - PEER_PAUSE_MS;
  return compared(quantile(samples, 0.95), 20, peer, without, `median, its pause of ${PEER_PAUSE_MS} ms taken off`, documentsPerKey);
}

/** From the start of the worker, as in VS Code. */
async function firstDiagnostics(): Promise<number> {
  const settings = { namespace: 'default', warnings: true, references: true };
  return withWorker(async (connection) => {
    await connection.sendNotification(tellWorker.documentChanged, { uri, version: 1, text: manyDocuments(50) });
    await connection.sendRequest(requests.documentDiagnostics, { uri, settings });
  });
}

/** The best first answer of some starts, and the keys of the last one. */
async function serverTimes(server: LanguageServer, starts: number, keystrokes: number): Promise<ServerTimes> {
  let firstMs = Number.POSITIVE_INFINITY;
  let keystrokesMs: readonly number[] = [];
  for (let n = 0; n < starts; n++) {
    const times = await measureServer(server, typing(n === starts - 1 ? keystrokes : 0));
    firstMs = Math.min(firstMs, times.firstMs);
    keystrokesMs = times.keystrokesMs;
  }
  return { firstMs, keystrokesMs };
}

/** One field is misspelt, so that it is known when the schema is there; typed is at a name in the middle. */
function typing(keystrokes: number): Typing {
  const lines = manyDocuments(50).replace('replicas:', 'replica:').split('\n');
  const line = lines.findIndex((each) => each.includes('name: web-25'));
  return { text: lines.join('\n'), line, character: lines[line]?.length ?? 0, keystrokes };
}

function median(times: ServerTimes | undefined): number | undefined {
  return times === undefined ? undefined : quantile(times.keystrokesMs, 0.5);
}

function compared(
  ms: number,
  targetMs: number,
  peer: ServerTimes | undefined,
  peerMs: number | undefined,
  how: string,
  done?: string,
): Measurement {
  const same =
    peer === undefined || peerMs === undefined ? {} : { peer: `${YAML_LANGUAGE_SERVER} in the same run: ${seconds(peerMs)} ${how}` };
  const notes = done === undefined ? {} : { work: done };
  return { value: seconds(ms), meetsTarget: ms <= targetMs, meetsPeer: ms <= (peerMs ?? Number.POSITIVE_INFINITY), ...same, ...notes };
}

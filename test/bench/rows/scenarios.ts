import { createApiJudge } from '../../../src/manifest/apiJudge.ts';
import { ClusterBases } from '../../../src/scenario/bases.ts';
import { withScenarios } from '../../../src/scenario/judge.ts';
import { runScenario } from '../../../src/scenario/run.ts';
import { readScenarios } from '../../../src/scenario/source.ts';
import { count, row, timed, type Row } from '../row.ts';

const SCENARIOS = 300;

const STORY = `apiVersion: kubepad.dev/v1
kind: Scenario
metadata:
  name: small
steps:
  - objects:
      - apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
            - name: web
              image: nginx:1.29
  - until:
      - object: pod/web
        fields:
          status.conditions[Ready].status: "True"
never:
  - event: "*"
    type: Warning
expect:
  - object: pod/web
    fields:
      status.phase: Running
`;

export const SCENARIO_ROWS: readonly Row[] = [
  row('scenarios', { what: 'a small scenario: a cluster, a Pod, until it is ready', target: '≥ 100 a second', peer: '' }, async () => {
    const judge = withScenarios(createApiJudge());
    const bases = new ClusterBases();
    const play = async (times: number): Promise<void> => {
      for (let index = 0; index < times; index++) {
        for (const source of readScenarios(judge, STORY)) {
          const outcome = await runScenario(source, { files: { read: () => ({ error: 'none' }) }, bases });
          if (!outcome.passed) throw new Error('the scenario fails');
        }
      }
    };
    await play(SCENARIOS / 10);
    const ms = await timed(() => play(SCENARIOS));
    const rate = (SCENARIOS / ms) * 1000;
    return { value: `${count(rate)} a second`, meetsTarget: rate >= 100, meetsPeer: true };
  }),
];

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { KubepadExports } from '../../src/extension/api/kubepad.ts';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: of-a-tool}\nspec: {containers: [{name: app, image: "nginx:1.29"}]}\n';

async function call(name: string, input: object): Promise<string> {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return result.content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

describe('tools for language models', () => {
  it('are there, each with its schema', () => {
    const own = vscode.lm.tools.filter(({ name }) => name.startsWith('kubepad_'));
    assert.equal(own.length, 14);
    for (const { inputSchema } of own) assert.equal((inputSchema as { readonly type?: string } | undefined)?.type, 'object');
  });

  it('judge a manifest and try it in a fork', async () => {
    assert.match(await call('kubepad_validate_manifest', { manifest: POD.replace('image', 'imge') }), /unknown field .*imge/);
    const [cluster = ''] = /fork-\d+/.exec(await call('kubepad_fork', {})) ?? [];
    assert.equal(await call('kubepad_apply', { manifest: POD, cluster }), 'pod/of-a-tool created');
    const wish = { until: 'object', kind: 'pod', name: 'of-a-tool', for: 'condition=Ready', cluster };
    assert.match(await call('kubepad_run_until', wish), /^Done after/);
    assert.match(await call('kubepad_get', { kind: 'pods', cluster }), /of-a-tool +1\/1 +Running/);
    await call('kubepad_discard', { cluster });
    await assert.rejects(call('kubepad_get', { kind: 'pods', cluster }), /There is no cluster/);
  });
});

describe('the API for other extensions', () => {
  it('applies, lets time go on and reads, in the cluster that the views show', async () => {
    const extension = vscode.extensions.getExtension<KubepadExports>('kubepad.kubepad');
    const { main } = (await extension?.activate())?.getApi(1) ?? assert.fail('no API');
    assert.equal((await main.apply(POD)).results[0]?.action, 'created');
    assert.equal((await main.runUntil({ until: 'object', kind: 'pod', name: 'of-a-tool', for: 'condition=Ready' })).end, 'done');
    const shown = vscode.Uri.from({ scheme: 'kubepad', path: '/default/v1/Pod/of-a-tool.yaml' });
    assert.match(new TextDecoder().decode(await vscode.workspace.fs.readFile(shown)), /phase: Running/);
    await main.delete({ kind: 'pod', name: 'of-a-tool' });
  });
});

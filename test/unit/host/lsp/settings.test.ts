import assert from 'node:assert/strict';
import { isTrusted, lspSettings } from '../../../../src/host/lsp/settings.ts';

describe('the settings of a client', () => {
  it('are the defaults of the extension where it has none', () => {
    const { diagnostics, ...others } = lspSettings();
    assert.deepEqual(diagnostics, { namespace: 'default', warnings: true, references: true });
    assert.deepEqual(others, {
      enabled: true,
      inlayHints: false,
      codeLens: true,
      forecast: true,
      admission: 'warning',
      rendering: { enabled: true, helm: 'helm', kubectl: 'kubectl' },
      cluster: undefined,
    });
  });

  it('count with and without the name around them', () =>
    assert.deepEqual(lspSettings({ kubepad: { codeLens: false } }), lspSettings({ codeLens: false })));

  it('that come later leave what they do not name', () => {
    const first = { kubepad: { validation: { warnings: false, admission: 'error' }, cluster: { nodes: 1 } } };
    for (const nothing of [{}, null, undefined, { kubepad: {} }]) assert.deepEqual(lspSettings(first, nothing), lspSettings(first));
    const both = lspSettings(first, { kubepad: { validation: { admission: 'off' }, cluster: { preset: 'empty' } } });
    assert.deepEqual([both.diagnostics.warnings, both.admission, both.cluster?.nodes, both.cluster?.preset], [false, 'off', 1, 'empty']);
  });

  it('are left out where they do not fit', () => {
    const found = lspSettings({
      namespace: 3,
      rules: { a: 'off', b: 1 },
      validation: { admission: 'fatal' },
      rendering: { helm: '' },
      cluster: { preset: 'none', nodes: -1, manifests: ['a', 2] },
    });
    assert.deepEqual([found.diagnostics.namespace, found.diagnostics.rules], ['default', { a: 'off' }]);
    assert.deepEqual([found.admission, found.rendering.helm], ['warning', 'helm']);
    assert.deepEqual(found.cluster, { preset: 'default', nodes: undefined, seed: 'kubepad', manifests: ['a'] });
  });

  for (const [given, trusted] of [
    [{ kubepad: { trusted: true } }, true],
    [{ trusted: true }, true],
    [{ kubepad: { trusted: 'yes' } }, false],
    [undefined, false],
  ] as const)
    it(`${JSON.stringify(given)} ${trusted ? 'vouches' : 'does not vouch'} for the folder`, () => assert.equal(isTrusted(given), trusted));
});

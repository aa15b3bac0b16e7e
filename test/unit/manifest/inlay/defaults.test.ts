import assert from 'node:assert/strict';
import { Documents } from '../../../../src/manifest/documents.ts';
import { defaultHints } from '../../../../src/manifest/inlay/defaults.ts';
import { judge } from '../check.ts';

/** The lines with their hints behind `‹`. */
function shown(text: string, from = 0, to = 1000): readonly string[] {
  const documents = new Documents(judge);
  documents.change('file:///a.yaml', text);
  const range = { start: { line: from, character: 0 }, end: { line: to, character: 0 } };
  const hints = defaultHints(documents.entries('file:///a.yaml'), range);
  return hints
    .toSorted((a, b) => a.position.line - b.position.line)
    .map(({ position, label }) => `${text.split('\n')[position.line]?.slice(0, position.character).trim() ?? ''} ‹${label}`);
}

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec: # what it is\n  ports:\n    - port: 80\n';

describe('hints of defaults', () => {
  it('say at each key and item what the server would set below it', () =>
    assert.deepEqual(shown(SERVICE), [
      'spec: # what it is ‹sessionAffinity: None, type: ClusterIP, internalTrafficPolicy: Cluster',
      '- port: 80 ‹protocol: TCP, targetPort: 80',
    ]));
  it('leave out what is written', () =>
    assert.deepEqual(
      shown(`${SERVICE}      protocol: UDP\n      targetPort: http\n  type: NodePort\n  sessionAffinity: ClientIP\n`).slice(1),
      [],
    ));
  it('stay within the range and count lines of the file', () => {
    const found = shown(`${SERVICE}---\n${SERVICE}`, 8, 14);
    assert.deepEqual(found.length, 2);
    assert.deepEqual(shown(SERVICE, 6, 6), ['- port: 80 ‹protocol: TCP, targetPort: 80']);
  });
  it('say nothing of texts that are no objects, or whose fields do not decode', () => {
    assert.deepEqual(shown('a: b\n'), []);
    assert.deepEqual(shown('apiVersion: v1\nkind: Service\nspec:\n  ports: yes\n'), []);
    assert.deepEqual(shown('apiVersion: example.com/v1\nkind: Boat\nspec:\n  sails: 1\n'), []);
  });
  it('cut long lists and keep all of them for the tooltip', () => {
    const documents = new Documents(judge);
    documents.change(
      'file:///a.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: b:1\n',
    );
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const [spec] = defaultHints(documents.entries('file:///a.yaml'), range);
    assert.ok((spec?.label.length ?? 0) <= 90 && spec?.label.endsWith('…'), spec?.label);
    assert.ok(spec?.tooltip.split('\n').includes('terminationGracePeriodSeconds: 30'), spec?.tooltip);
  });
});

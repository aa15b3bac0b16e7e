import assert from 'node:assert/strict';
import { Documents } from '../../../src/manifest/documents.ts';
import { fixed, judge } from './check.ts';

const container = (lines: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      image: nginx\n      ${lines}\n`;
const service = (port: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n    - port: ${port}\n`;

describe('fixes of wrong types', () => {
  for (const [title, before, after] of [
    ['Put it in quotes', container('env: [{name: A, value: 8080}]'), container('env: [{name: A, value: "8080"}]')],
    ['Put it in quotes', container('env: [{name: A, value: yes}]'), container('env: [{name: A, value: "yes"}]')],
    ['Take off the quotes', service('"80"'), service('80')],
    ['Take off the quotes', container("stdin: 'true'"), container('stdin: true')],
    ['Change to "128M"', container('resources: {limits: {memory: 128MB}}'), container('resources: {limits: {memory: 128M}}')],
    ['Change to "128Mi"', container('resources: {limits: {memory: 128 mib}}'), container('resources: {limits: {memory: 128Mi}}')],
    ['Change to "2G"', container('resources: {limits: {memory: "2gb"}}'), container('resources: {limits: {memory: 2G}}')],
    ['Make it the item', container('command: nginx # run'), container('command: [nginx] # run')],
    ['Make it the item', container('ports: {containerPort: 80}'), container('ports: [{containerPort: 80}]')],
    [
      'Make it the item',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    name: a\n\n    image: |-\n      n\n  hostNetwork: true\n',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n\n      image: |-\n        n\n  hostNetwork: true\n',
    ],
  ] as const)
    it(`${title}: ${before.split('\n').at(-2) ?? ''}`, () => assert.equal(fixed(before, title), after));

  for (const text of [service('"http"'), service('{}'), container('resources: {limits: {cpu: lots}}'), container('stdin: "maybe"')])
    it(`are not there where none is sure: ${text.split('\n').at(-2) ?? ''}`, () => {
      const documents = new Documents(judge);
      documents.change('a.yaml', text);
      const found = documents.diagnostics('a.yaml')?.diagnostics.filter(({ code }) => code === 'Decode') ?? [];
      assert.deepEqual(
        found.map(({ fixes }) => fixes),
        [[]],
      );
    });
});

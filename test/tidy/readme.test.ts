import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { strategyForKind } from '../../src/api/register.ts';
import { FAULT_TYPES } from '../../src/api/kubepad/types.ts';
import { errorText } from '../../src/apimachinery/field/error.ts';
import type { KubeObject } from '../../src/apimachinery/meta/resource.ts';
import { root } from './support/sources.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('the readme', () => {
  it('has a line for every type of Fault, and for no other', () => {
    const [, section = ''] = readme.split('\n### Faults\n');
    const told = [...(section.split('\n### ')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, type = '']) => type);
    assert.deepEqual(told.toSorted(), [...FAULT_TYPES]);
  });

  it('shows manifests of which every one is valid', () => {
    const objects = [...readme.matchAll(/^```yaml\n([^]*?)^```/gm)]
      .flatMap(([, text = '']) => parseAllDocuments(text).map((document) => document.toJS() as KubeObject))
      .filter(({ apiVersion, kind }) => strategyForKind(apiVersion ?? '', kind ?? '')?.resource.group === 'kubepad.dev');
    assert.ok(objects.some(({ kind }) => kind === 'Fault'));
    for (const object of objects) {
      const strategy = strategyForKind(object.apiVersion ?? '', object.kind ?? '');
      assert.deepEqual(strategy?.validate(object).map(errorText), [], object.metadata.name);
    }
  });
});

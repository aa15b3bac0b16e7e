/** Pods as the server sees them when it validates: decoded and with their defaults. */
import assert from 'node:assert/strict';
import { errorText } from '../../../../../src/apimachinery/field/error.ts';
import { decodeValue } from '../../../../../src/api/decodeBody.ts';
import type { Draft } from '../../../../../src/base/json.ts';
import { defaultPod } from '../../../../../src/api/core/pod/defaults.ts';
import { preparePodForCreate } from '../../../../../src/api/core/pod/prepare.ts';
import { validatePod } from '../../../../../src/api/core/pod/validation.ts';
import type { Pod } from '../../../../../src/api/schema/types/core/v1.ts';

export type Fields = { readonly [field: string]: unknown };

/** A Pod with one container; what is given replaces fields of the spec. */
export function makePod(spec: Fields = {}, metadata: Fields = {}): Draft<Pod> {
  const value = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', resourceVersion: '1', ...metadata },
    spec: { serviceAccountName: 'default', containers: [{ name: 'main', image: 'app:1' }], ...spec },
  };
  const decoded = decodeValue({ group: '', version: 'v1', kind: 'Pod' }, structuredClone(value), 'Strict');
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.status.message);
  const pod = decoded.object as Draft<Pod>;
  defaultPod(pod);
  return pod;
}

/** A Pod whose only container has these fields too. */
export function withContainer(container: Fields, spec: Fields = {}): Draft<Pod> {
  return makePod({ containers: [{ name: 'main', image: 'app:1', ...container }], ...spec });
}

/** `spec.containers[0].name: Required value` */
export function problems(pod: Draft<Pod>): readonly string[] {
  preparePodForCreate(pod);
  return validatePod(pod).map(errorText);
}

export function check(pod: Draft<Pod>, expected: readonly string[]): void {
  assert.deepEqual(problems(pod), expected);
}

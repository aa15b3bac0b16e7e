import assert from 'node:assert/strict';
import { decodeValue, type FieldValidation } from '../../../src/api/decodeBody.ts';

describe('a body of a version that is no longer served', () => {
  const ingress = (backend: object, rest: object = {}): object => ({
    apiVersion: 'networking.k8s.io/v1beta1',
    kind: 'Ingress',
    metadata: { name: 'a' },
    spec: { ...rest, rules: [{ http: { paths: [{ path: '/', backend }] } }] },
  });
  const mismatch = 'the API version in the data (networking.k8s.io/v1beta1) does not match the expected API version (networking.k8s.io/v1)';
  const refusal = 'Ingress in version "v1beta1" cannot be handled as a Ingress: ';

  const rows: readonly (readonly [name: string, body: object, mode: FieldValidation, message: string])[] = [
    ['with its own fields', ingress({ serviceName: 's', servicePort: 80 }, { backend: {} }), 'Strict', mismatch],
    [
      'with fields of the served version',
      ingress({ service: { name: 's' } }, { defaultBackend: {} }),
      'Strict',
      `${refusal}strict decoding error: unknown field "spec.defaultBackend", unknown field "spec.rules[0].http.paths[0].backend.service"`,
    ],
    ['that need not be known', ingress({ service: { name: 's' } }), 'Warn', mismatch],
    [
      'with a value of another type',
      ingress({}, { ingressClassName: 7 }),
      'Ignore',
      `${refusal}json: cannot unmarshal number into Go struct field IngressSpec.spec.ingressClassName of type string`,
    ],
  ];
  for (const [name, body, mode, message] of rows)
    it(name, () => {
      const decoded = decodeValue({ group: 'networking.k8s.io', version: 'v1', kind: 'Ingress' }, body, mode);
      assert(!decoded.ok);
      assert.equal(decoded.status.message, message);
    });
});

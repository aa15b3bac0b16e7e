import assert from 'node:assert/strict';
import { withApiVersions } from '../../../../src/manifest/apiversions/diagnose.ts';
import { convert } from '../../../../src/manifest/apiversions/convert.ts';
import { CURRENT_MINOR, LIVES, minorOf, SINCE } from '../../../../src/manifest/apiversions/releases.ts';
import { diagnoseDocument } from '../../../../src/manifest/diagnose.ts';
import { readDocument } from '../../../../src/manifest/yaml/document.ts';
import { judge, replace } from '../check.ts';

function said(text: string, minor: number): readonly string[] {
  const document = readDocument(text);
  return withApiVersions(diagnoseDocument(judge, document), document, minor).map(
    ({ code, severity, message }) => `${severity} ${code}: ${message}`,
  );
}

/** The text after its conversion, which the API server must take. */
function converted(text: string): string {
  const document = readDocument(text);
  const fixes = withApiVersions(diagnoseDocument(judge, document), document, CURRENT_MINOR).flatMap((each) => each.fixes);
  assert.match(fixes[0]?.title ?? '', /^Convert to /);
  const after = (fixes[0]?.edits ?? [])
    .toReversed()
    .toSorted((a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character)
    .reduce((result, { range, newText }) => replace(result, range, newText), text);
  assert.deepEqual(diagnoseDocument(judge, readDocument(after)), [], after);
  return after;
}

describe('versions of APIs', () => {
  it('convert an Ingress with its class, backends and paths, and keep its comments', () =>
    assert.equal(
      converted(`apiVersion: extensions/v1beta1
kind: Ingress
metadata:
  name: web
  annotations:
    kubernetes.io/ingress.class: nginx
    a: b # stays
spec:
  # the rules
  rules:
    - host: example.com # the host
      http:
        paths:
          - path: /
            backend:
              serviceName: web
              servicePort: 80
          - path: /api
            backend:
              serviceName: api
              servicePort: http
`),
      `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    a: b # stays
spec:
  # the rules
  rules:
    - host: example.com # the host
      http:
        paths:
          - path: /
            backend:
              service:
                name: web
                port:
                  number: 80
            pathType: ImplementationSpecific
          - path: /api
            backend:
              service:
                name: api
                port:
                  name: http
            pathType: ImplementationSpecific
  ingressClassName: nginx
`,
    ));

  const rows: readonly (readonly [what: string, text: string])[] = [
    [
      'a Deployment without a selector',
      'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  rollbackTo: {revision: 1}\n  template:\n    metadata: {labels: {app: a}}\n    spec:\n      containers: [{name: a, image: i}]\n',
    ],
    [
      'a CronJob',
      'apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: a}\nspec:\n  schedule: "* * * * *"\n  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: i}]}}}}\n',
    ],
    [
      'a PodDisruptionBudget',
      'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {minAvailable: 1, selector: {matchLabels: {a: b}}}\n',
    ],
    [
      'an autoscaler of v2beta2',
      'apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]}\n',
    ],
    [
      'an autoscaler of v2beta1',
      'apiVersion: autoscaling/v2beta1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec:\n  maxReplicas: 3\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}\n  metrics:\n    - type: Resource\n      resource: {name: cpu, targetAverageUtilization: 50}\n    - type: Pods\n      pods: {metricName: rps, targetAverageValue: 10}\n    - type: Object\n      object: {metricName: rps, targetValue: 10, target: {apiVersion: v1, kind: Service, name: s}}\n    - type: External\n      external: {metricName: q, metricSelector: {matchLabels: {a: b}}, targetValue: 5}\n',
    ],
    [
      'a webhook',
      'apiVersion: admissionregistration.k8s.io/v1beta1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: a}\nwebhooks:\n  - name: a.b.c\n    clientConfig: {service: {name: a, namespace: b}}\n    rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]\n',
    ],
    [
      'a definition',
      'apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\nspec:\n  group: example.com\n  version: v1\n  scope: Namespaced\n  names: {plural: things, kind: Thing}\n  subresources: {status: {}}\n  additionalPrinterColumns:\n    - name: A\n      type: string\n      JSONPath: .spec.a\n  validation:\n    openAPIV3Schema: {properties: {spec: {type: object, properties: {a: {type: string}}}}}\n',
    ],
    [
      'a priority level',
      'apiVersion: flowcontrol.apiserver.k8s.io/v1beta2\nkind: PriorityLevelConfiguration\nmetadata: {name: a}\nspec:\n  type: Limited\n  limited:\n    assuredConcurrencyShares: 5\n    limitResponse: {type: Reject}\n',
    ],
    ['a driver', 'apiVersion: storage.k8s.io/v1beta1\nkind: CSIDriver\nmetadata: {name: a}\nspec: {attachRequired: false}\n'],
  ];
  for (const [what, text] of rows) it(`convert ${what} to what the API server takes`, () => void converted(text));

  it('are judged by the release that is aimed at', () => {
    const budget = 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {minAvailable: 1}\n';
    assert.deepEqual(said(budget, 20), []);
    assert.deepEqual(said(budget, 24), [
      'warning ApiVersion: policy/v1beta1 PodDisruptionBudget is deprecated in 1.21+, unavailable in 1.25+; use policy/v1',
    ]);
    assert.deepEqual(said(budget, 25), [
      'error UnknownKind: no matches for kind "PodDisruptionBudget" in version "policy/v1beta1": removed in 1.25, use policy/v1',
    ]);
    assert.deepEqual(said(budget, 36), ['error UnknownKind: no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"']);
    assert.deepEqual(said(budget.replace('v1beta1', 'v1'), 20), [
      'error ApiVersion: policy/v1 PodDisruptionBudget is served from 1.21 on, not by 1.20',
    ]);
    assert.deepEqual(said(budget.replace('v1beta1', 'v1'), 36), []);
  });

  it('are data that holds together: what takes a place is served by 1.36', () => {
    for (const [kind, { deprecated, removed, instead }] of Object.entries(LIVES)) {
      assert.ok(deprecated < removed && removed <= CURRENT_MINOR, kind);
      assert.ok(!judge.kinds.has(kind), kind);
      if (instead !== undefined) assert.ok(judge.kinds.has(`${instead}/${kind.split('/').at(-1) ?? ''}`), kind);
    }
    for (const kind of Object.keys(SINCE)) assert.ok(judge.kinds.has(kind), kind);
    assert.deepEqual(['1.24', 'v1.30.2', '', 'x', '2.1'].map(minorOf), [24, 30, 36, 36, 36]);
  });

  it('convert values of any form without throwing', () => {
    for (const kind of Object.keys(LIVES)) {
      const [, name = ''] = /\/([^/]+)$/.exec(kind) ?? [];
      const apiVersion = kind.slice(0, -name.length - 1);
      for (const spec of [undefined, null, 4, [], { rules: 4, metrics: [1], template: 3, versions: [1], limited: [], conversion: 1 }])
        convert({ apiVersion, kind: name, metadata: 3, spec, webhooks: [4], endpoints: {} });
    }
  });
});

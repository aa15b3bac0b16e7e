import { checkDiagnostics } from './check.ts';

describe('lists of objects', () => {
  it('have items of the kind that the list is named for', () =>
    checkDiagnostics(`apiVersion: v1
kind: PodList
items:
  - metadata: {name: a}
    spec:
      containers: [{name: a, image: b}]
      restartPolicy: Odd
#                    ^^^ FieldValueNotSupported: spec.restartPolicy: Unsupported value: "Odd": supported values: "Always", "OnFailure", "Never"
`));

  it('have items that say themselves what they are', () =>
    checkDiagnostics(`apiVersion: apps/v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, dat: {}}
#                                                          ^^^ UnknownField: unknown field "dat"
`));

  it('of what is not served are unknown', () =>
    checkDiagnostics(`apiVersion: v1
kind: GoneList
#     ^^^^^^^^ UnknownKind: no matches for kind "GoneList" in version "v1"
items: []
`));

  it('of kinds that nobody knows are left alone', () =>
    checkDiagnostics('apiVersion: own.example/v1\nkind: ThingList\nitems: [{spec: {}}]\n'));
});

import assert from 'node:assert/strict';
import { parse } from 'yaml';
import type { UnknownObject } from '../../../../src/apimachinery/meta/resource.ts';
import { describeObject } from '../../../../src/kubectl/describe/describe.ts';
import type { Rest } from '../../../../src/kubectl/rest.ts';

const NOW = Date.UTC(2026, 0, 5, 0, 1);

/** @param lists what the server lists, by the end of the path */
const restOf = (lists: Readonly<Record<string, readonly unknown[]>>): Rest => ({
  request: async ({ path }) => ({ code: 200, body: { items: lists[path.split('/').at(-1) ?? ''] ?? [] }, warnings: [] }),
});

async function check(yaml: string, lists: Readonly<Record<string, readonly unknown[]>>, expected: string): Promise<void> {
  assert.equal(await describeObject(restOf(lists), parse(yaml) as UnknownObject, NOW), expected.slice(1));
}

/** The texts were compared with those of kubectl; test/clients/describe.test.ts does so anew. */
describe('descriptions', () => {
  it('of a Pod tell where variables come from, its probes and its volumes', () =>
    check(
      `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}, uid: u}
spec:
  nodeName: worker-1
  containers:
    - name: web
      image: nginx:1.29
      ports: [{containerPort: 80, name: http}, {containerPort: 443}]
      resources: {limits: {memory: 64Mi}}
      livenessProbe: {httpGet: {port: http, path: /live}, periodSeconds: 5}
      readinessProbe: {exec: {command: [cat, /ready]}}
      startupProbe: {tcpSocket: {port: 80}, failureThreshold: 30}
      envFrom: [{configMapRef: {name: all}, prefix: P_}]
      env:
        - {name: COLOUR, valueFrom: {configMapKeyRef: {name: paint, key: colour}}}
        - {name: PASSWORD, valueFrom: {secretKeyRef: {name: login, key: password, optional: true}}}
        - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
        - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
      volumeMounts: [{name: data, mountPath: /data, subPath: a}, {name: paint, mountPath: /conf, readOnly: true}]
  tolerations: [{key: b, operator: Exists, effect: NoExecute, tolerationSeconds: 300}, {key: a, value: c}]
  volumes:
    - {name: data, persistentVolumeClaim: {claimName: data}}
    - {name: paint, configMap: {name: paint, optional: true}}
status:
  phase: Running
  hostIP: 172.18.0.3
  podIP: 10.244.1.2
  podIPs: [{ip: 10.244.1.2}]
  startTime: 2026-01-05T00:00:09Z
  qosClass: Burstable
  containerStatuses:
    - name: web
      containerID: containerd://1
      imageID: nginx@sha256:2
      ready: true
      restartCount: 1
      state: {running: {startedAt: 2026-01-05T00:00:30Z}}
      lastState: {terminated: {exitCode: 137, reason: OOMKilled, startedAt: 2026-01-05T00:00:10Z, finishedAt: 2026-01-05T00:00:20Z}}
`,
      {
        events: [
          {
            type: 'Normal',
            reason: 'Started',
            message: 'Container started',
            involvedObject: { uid: 'u', fieldPath: 'spec.containers{web}' },
            source: { component: 'kubelet' },
            lastTimestamp: '2026-01-05T00:00:30Z',
            metadata: {},
          },
        ],
      },
      `
Name:         web
Namespace:    shop
Priority:     0
Node:         worker-1/172.18.0.3
Start Time:   Mon, 05 Jan 2026 00:00:09 +0000
Labels:       app=web
Annotations:  <none>
Status:       Running
IP:           10.244.1.2
IPs:
  IP:  10.244.1.2
Containers:
  web:
    Container ID:   containerd://1
    Image:          nginx:1.29
    Image ID:       nginx@sha256:2
    Ports:          80/TCP (http), 443/TCP
    Host Ports:     0/TCP (http), 0/TCP
    State:          Running
      Started:      Mon, 05 Jan 2026 00:00:30 +0000
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Mon, 05 Jan 2026 00:00:10 +0000
      Finished:     Mon, 05 Jan 2026 00:00:20 +0000
    Ready:          True
    Restart Count:  1
    Limits:
      memory:   64Mi
    Liveness:   http-get http://:http/live delay=0s timeout=1s period=5s #success=1 #failure=3
    Readiness:  exec [cat /ready] delay=0s timeout=1s period=10s #success=1 #failure=3
    Startup:    tcp-socket :80 delay=0s timeout=1s period=10s #success=1 #failure=30
    Environment Variables from:
      all  ConfigMap with prefix 'P_'  Optional: false
    Environment:
      COLOUR:    <set to the key 'colour' of config map 'paint'>  Optional: false
      PASSWORD:  <set to the key 'password' in secret 'login'>    Optional: true
      NAME:      web (v1:metadata.name)
      MEMORY:    64 (limits.memory)
      CPU:       node allocatable (limits.cpu)
    Mounts:
      /conf from paint (ro)
      /data from data (rw,path="a")
Volumes:
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  data
    ReadOnly:   false
  paint:
    Type:        ConfigMap (a volume populated by a ConfigMap)
    Name:        paint
    Optional:    true
QoS Class:       Burstable
Node-Selectors:  <none>
Tolerations:     a=c
                 b:NoExecute op=Exists for 300s
Events:
  Type    Reason   Age   From     Message
  ----    ------   ----  ----     -------
  Normal  Started  30s   kubelet  spec.containers{web}: Container started
`,
    ));

  it('of a Service name its endpoints', () =>
    check(
      `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort
  selector: {app: web}
  clusterIP: 10.96.0.9
  clusterIPs: [10.96.0.9]
  ipFamilies: [IPv4]
  sessionAffinity: None
  ports: [{name: http, port: 80, targetPort: web, nodePort: 30080, protocol: TCP}]
`,
      {
        endpointslices: [
          {
            addressType: 'IPv4',
            ports: [{ name: 'http', port: 8080 }],
            endpoints: [
              ...['1', '2', '3', '4'].map((last) => ({ addresses: [`10.0.0.${last}`], conditions: { ready: true } })),
              { addresses: ['10.0.0.9'], conditions: { ready: false } },
            ],
          },
        ],
      },
      `
Name:              web
Namespace:         shop
Labels:            <none>
Annotations:       <none>
Selector:          app=web
Type:              NodePort
IP Families:       IPv4
IP:                10.96.0.9
IPs:               10.96.0.9
Port:              http  80/TCP
TargetPort:        web/TCP
NodePort:          http  30080/TCP
Endpoints:         10.0.0.1:8080,10.0.0.2:8080,10.0.0.3:8080 + 1 more...
Session Affinity:  None
Events:            <none>
`,
    ));

  it('of a Deployment tell the new ReplicaSet from the old', () =>
    check(
      `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, uid: d, annotations: {deployment.kubernetes.io/revision: '2'}, creationTimestamp: 2026-01-05T00:00:09Z}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: nginx}]
status: {replicas: 2, updatedReplicas: 1, availableReplicas: 2, conditions: [{type: Available, status: 'True', reason: MinimumReplicasAvailable}]}
`,
      {
        replicasets: ['1', '2'].map((revision) => ({
          metadata: {
            name: `web-${revision}`,
            ownerReferences: [{ uid: 'd' }],
            annotations: { 'deployment.kubernetes.io/revision': revision },
          },
          spec: { replicas: 1 },
          status: { replicas: 1 },
        })),
      },
      `
Name:                   web
Namespace:              shop
CreationTimestamp:      Mon, 05 Jan 2026 00:00:09 +0000
Labels:                 <none>
Annotations:            deployment.kubernetes.io/revision: 2
Selector:               app=web
Replicas:               2 desired | 1 updated | 2 total | 2 available | 0 unavailable
StrategyType:           RollingUpdate
MinReadySeconds:        0
RollingUpdateStrategy:  0 max unavailable, 25% max surge
Pod Template:
  Labels:  app=web
  Containers:
   web:
    Image:         nginx
    Port:          <none>
    Host Port:     <none>
    Environment:   <none>
    Mounts:        <none>
  Volumes:         <none>
  Node-Selectors:  <none>
  Tolerations:     <none>
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      True    MinimumReplicasAvailable
OldReplicaSets:  web-1 (1/1 replicas created)
NewReplicaSet:   web-2 (1/1 replicas created)
Events:          <none>
`,
    ));

  it('of an autoscaler show what it measures', () =>
    check(
      `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {kind: Deployment, name: web}
  minReplicas: 1
  maxReplicas: 10
  behavior: {scaleDown: {stabilizationWindowSeconds: 60, selectPolicy: Max, policies: [{type: Pods, value: 4, periodSeconds: 15}]}}
  metrics:
    - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}
    - {type: External, external: {metric: {name: orders}, target: {type: AverageValue, averageValue: '10'}}}
    - {type: Pods, pods: {metric: {name: hits}, target: {type: AverageValue, averageValue: '5'}}}
status:
  currentReplicas: 2
  desiredReplicas: 3
  currentMetrics:
    - {type: Resource, resource: {name: cpu, current: {averageUtilization: 70, averageValue: 351m}}}
    - {type: External, external: {metric: {name: orders}, current: {averageValue: '18'}}}
  conditions: [{type: AbleToScale, status: 'True', reason: ReadyForNewScale, message: fine}]
`,
      {},
      `
Name:                                                  web
Namespace:                                             shop
Labels:                                                <none>
Annotations:                                           <none>
Reference:                                             Deployment/web
Metrics:                                               ( current / target )
  resource cpu on pods  (as a percentage of request):  70% (351m) / 60%
  "orders" (target average value):                     18 / 10
  "hits" on pods:                                      <unknown> / 5
Min replicas:                                          1
Max replicas:                                          10
Behavior:
  Scale Down:
    Stabilization Window: 60 seconds
    Select Policy: Max
    Policies:
      - Type: Pods  Value: 4  Period: 15 seconds
Deployment pods:    2 current / 3 desired
Conditions:
  Type         Status  Reason            Message
  ----         ------  ------            -------
  AbleToScale  True    ReadyForNewScale  fine
Events:        <none>
`,
    ));

  it('of a budget count', () =>
    check(
      `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {minAvailable: 3, selector: {matchLabels: {app: web}}}
status: {disruptionsAllowed: 1, currentHealthy: 4, desiredHealthy: 3, expectedPods: 4}
`,
      {},
      `
Name:           web
Namespace:      shop
Min available:  3
Selector:       app=web
Status:
    Allowed disruptions:  1
    Current:              4
    Desired:              3
    Total:                4
Events:                   <none>
`,
    ));

  it('of a claim name the Pods that use it', () =>
    check(
      `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop, finalizers: [kubernetes.io/pvc-protection], deletionTimestamp: 2026-01-05T00:00:30Z}
spec: {volumeName: pvc-1, storageClassName: standard, volumeMode: Filesystem}
status: {phase: Bound, accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}}
`,
      {
        pods: [
          { metadata: { name: 'a' }, spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] } },
          { metadata: { name: 'b' }, spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
        ],
      },
      `
Name:          data
Namespace:     shop
StorageClass:  standard
Status:        Terminating (lasts 30s)
Volume:        pvc-1
Labels:        <none>
Annotations:   <none>
Finalizers:    [kubernetes.io/pvc-protection]
Capacity:      1Gi
Access Modes:  RWO
VolumeMode:    Filesystem
Used By:       a
Events:        <none>
`,
    ));

  it('of any other kind are its fields, but of a Secret only sizes', () =>
    check(
      `
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: shop}
type: Opaque
data: {password: c2VjcmV0}
`,
      {},
      `
Name:           login
Namespace:      shop
Labels:         <none>
Annotations:    <none>
API Version:    v1
Kind:           Secret
type: Opaque
data:
  password: 6 bytes
Events:  <none>
`,
    ));
});

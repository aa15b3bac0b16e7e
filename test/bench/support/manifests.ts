// Manifest files of a known size for benchmarks: Deployments and Services as people write them.

/** 31 lines. */
const deployment = (index: number): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${index}
  labels:
    app: app-${index}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: app-${index}
  template:
    metadata:
      labels:
        app: app-${index}
    spec:
      containers:
        - name: main
          image: registry.example.com/app-${index}:1.0
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: MODE
              value: production
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
`;

/** A file of so many documents of 31 lines each, separators included in the count of the first line of each. */
export function deploymentsFile(documents: number): string {
  return Array.from({ length: documents }, (_, index) => deployment(index)).join('---\n');
}

/** A Deployment and a Service, the content of one small file. */
export function pairFile(index: number): string {
  return `${deployment(index)}---
apiVersion: v1
kind: Service
metadata:
  name: app-${index}
spec:
  selector:
    app: app-${index}
  ports:
    - name: http
      port: 80
      targetPort: http
`;
}

import { type Blueprint, inside, type RenderedFile } from '../blueprint';
import type { BackendSettings } from '../settings';

/** A directory for `kubectl apply --kustomize`: what runs, how it is reached, how it grows, and what may interrupt it. */
export const kubernetes: Blueprint<BackendSettings> = {
  id: 'kubernetes',
  version: 3,
  kind: 'backend',
  applies: ({ platform }) => platform.type === 'kubernetes',
  render: (settings): RenderedFile[] =>
    Object.entries(MANIFESTS).map(([name, render]) => ({
      path: inside(settings, `kubernetes/${name}.yaml`),
      text: render(settings),
    })),
  needs: ({ name }) => [
    {
      name: `${name}-secrets`,
      kind: 'secret',
      why: `In the cluster: kubectl create secret generic ${name}-secrets --from-literal=DATABASE_URL=… (may be left out).`,
    },
  ],
};

const MANIFESTS: Readonly<Record<string, (settings: BackendSettings) => string>> = {
  kustomization,
  deployment,
  service,
  'horizontal-pod-autoscaler': autoscaler,
  'pod-disruption-budget': disruption,
};

/** The ConfigMap's name ends with a digest of its content, so that a changed setting restarts what reads it. */
function kustomization({ name, config }: BackendSettings): string {
  const literals = Object.entries(config).map(([key, value]) => `      - '${key}=${value}'`);
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - deployment.yaml
  - service.yaml
  - horizontal-pod-autoscaler.yaml
  - pod-disruption-budget.yaml
configMapGenerator:
  - name: '${name}-config'
    literals:
${[`      - 'APP_NAME=${name}'`, ...literals].join('\n')}
`;
}

function deployment(settings: BackendSettings): string {
  const { name } = settings;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: '${name}'
  labels:
    app.kubernetes.io/name: '${name}'
spec:
  # How many there are is the autoscaler's to say.
  revisionHistoryLimit: 5
  progressDeadlineSeconds: 600
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: '${name}'
  template:
    metadata:
      labels:
        app.kubernetes.io/name: '${name}'
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 30
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        seccompProfile:
          type: RuntimeDefault
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app.kubernetes.io/name: '${name}'
${container(settings)}${upkeep(settings)}`;
}

function container({ name, port }: BackendSettings): string {
  return `      containers:
        - name: '${name}'
          # The workflow puts the digest that it deploys in its place.
          image: '${name}'
          ports:
            - name: http
              containerPort: ${port}
          env:
            - name: PORT
              value: '${port}'
          envFrom:
            - configMapRef:
                name: '${name}-config'
            # No file applies this one, so a deployment undoes nothing that is written there.
            - configMapRef:
                name: '${name}-settings'
                optional: true
            - secretRef:
                name: '${name}-secrets'
                optional: true
`;
}

function upkeep({ healthPath, workers }: BackendSettings): string {
  return `          startupProbe:
            httpGet:
              path: '${healthPath}'
              port: http
            periodSeconds: 2
            failureThreshold: 60
          readinessProbe:
            httpGet:
              path: '${healthPath}'
              port: http
            periodSeconds: 5
            timeoutSeconds: 3
          livenessProbe:
            httpGet:
              path: '${healthPath}'
              port: http
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          lifecycle:
            preStop:
              # Until every proxy has heard that this one goes, requests still arrive.
              exec:
                command: [sleep, '5']
          resources:
            requests:
              cpu: ${100 * workers}m
              memory: ${128 * workers}Mi
            limits:
              memory: ${256 * workers}Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir: {}
`;
}

function service({ name }: BackendSettings): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: '${name}'
  labels:
    app.kubernetes.io/name: '${name}'
spec:
  selector:
    app.kubernetes.io/name: '${name}'
  ports:
    - name: http
      port: 80
      targetPort: http
`;
}

function autoscaler({ name, replicas }: BackendSettings): string {
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: '${name}'
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: '${name}'
  minReplicas: ${replicas.min}
  maxReplicas: ${replicas.max}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 300
`;
}

/** Always at least one may be evicted: otherwise no node could ever be emptied. */
function disruption({ name, replicas }: BackendSettings): string {
  return `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: '${name}'
spec:
  maxUnavailable: ${replicas.min > 3 ? '25%' : 1}
  selector:
    matchLabels:
      app.kubernetes.io/name: '${name}'
`;
}

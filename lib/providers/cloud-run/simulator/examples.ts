type Json = Record<string, unknown>;

/** A service as it is before anybody comes: two revisions, the second with a name of its own where `named` says one. */
export interface ExampleService {
  service: string;
  first: Json[];
  second: Json[];
  named?: string;
}

const IMAGES = 'europe-west3-docker.pkg.dev/acme-prod/images';
const digest = (letters: string) => `@sha256:${letters.repeat(32)}`;

function container(service: string, image: string, env: Json[]): Json {
  return {
    ...{ name: `${service}-1`, image, env },
    ports: [{ name: 'http1', containerPort: 8080 }],
    resources: { limits: { memory: '512Mi', cpu: '1' }, cpuIdle: true },
    startupProbe: { tcpSocket: { port: 8080 }, timeoutSeconds: 240 },
  };
}

const secret = (name: string, of: string, version: string): Json => ({
  name,
  valueSource: { secretKeyRef: { secret: of, version } },
});

const DATABASE = [{ name: 'LOG_LEVEL', value: 'info' }, secret('DATABASE_URL', 'database-url', '7')];
const BACKEND = `${IMAGES}/backend:1.4.0${digest('a1')}`;

/** Production keeps people signed in for longer: the example of a variable that differs. */
function dashboard(service: string, stage: string, hours: number): ExampleService {
  const env = [{ name: 'API_BASE_URL', value: `https://api.acme.example/${stage}` }];
  const session = [
    { name: 'SESSION_HOURS', value: String(hours) },
    secret('SESSION_SECRET', `session-${stage}`, 'latest'),
  ];
  const of = (all: Json[]) => [container(service, `${IMAGES}/dashboard${digest('b2')}`, all)];
  return { service, first: of(env), second: of([...env, ...session]) };
}

/** The example team's, the backend first. */
export const EXAMPLES: readonly ExampleService[] = [
  {
    ...{ service: 'backend', named: 'backend-blue' },
    first: [container('backend', BACKEND, DATABASE)],
    second: [container('backend', BACKEND, [...DATABASE, { name: 'REGION' }])],
  },
  dashboard('dashboard', 'production', 12),
  dashboard('dashboard-staging', 'staging', 2),
];

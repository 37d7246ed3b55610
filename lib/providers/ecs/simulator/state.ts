import { createHash } from 'node:crypto';
import type { SimulatorWorld } from '@/lib/providers/port';

export const REGISTERED = 'ecs.registered';
export const UPDATED = 'ecs.updated';
export const ACCOUNT = '111122223333';
export const CLUSTER = 'aetherstack';

/** A number in [0, 1) that depends on nothing but its arguments, so a replay gives the same world. */
export function chance(...keys: (string | number)[]): number {
  return createHash('sha1').update(keys.join('\u0000')).digest().readUIntBE(0, 6) / 2 ** 48;
}

type Json = Record<string, unknown>;

export interface SimulatedDefinition {
  family: string;
  revision: number;
  at: number;
  by: string;
  /** What it was registered with. */
  input: Json;
}

export interface SimulatedService {
  name: string;
  /** `family:revision`. */
  runs: string;
  since: number;
}

const LONG_AGO_MS = 120 * 86_400_000;
const DAY_MS = 86_400_000;
const image = (number: number) =>
  `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/aetherstack/backend@sha256:${String(number).repeat(64)}`;

const ROUTER = `public.ecr.aws/aws-observability/aws-for-fluent-bit@sha256:${'b'.repeat(64)}`;

/** The example team's two services; what production refers to and staging lacks is the example's gap. */
function definition(place: 'production' | 'staging', number: number, level: string): Json {
  const secret = (name: string) => ({
    name,
    valueFrom: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${place}/${name.toLowerCase()}-AbCdEf`,
  });
  const secrets = place === 'production' ? [secret('SIGNING_KEY'), secret('MAIL_API_KEY')] : [secret('SIGNING_KEY')];
  const app = {
    ...{ name: 'app', image: image(number), cpu: 0, essential: true, mountPoints: [], volumesFrom: [] },
    portMappings: [{ containerPort: 8000, hostPort: 8000, protocol: 'tcp' }],
    environment: [
      { name: 'LOG_LEVEL', value: level },
      { name: 'REGION', value: 'us-east-1' },
    ],
    secrets,
  };
  const router = {
    ...{ name: 'log-router', image: ROUTER, essential: false },
    firelensConfiguration: { type: 'fluentbit' },
  };
  return {
    family: place === 'production' ? 'backend' : 'backend-staging',
    taskRoleArn: `arn:aws:iam::${ACCOUNT}:role/backend`,
    executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/ecsTaskExecutionRole`,
    networkMode: 'awsvpc',
    containerDefinitions: place === 'production' ? [app, router] : [app],
    ...{ volumes: [], placementConstraints: [], requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' },
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    tags: [{ key: 'team', value: 'release' }],
  };
}

const BY = `arn:aws:iam::${ACCOUNT}:user/ada`;

/** Everything that the simulated account has, worked out anew from facts and time. */
export class State {
  readonly #world: SimulatorWorld;

  constructor(world: SimulatorWorld) {
    this.#world = world;
  }

  definitions(): SimulatedDefinition[] {
    const start = (this.#world.facts()[0]?.at ?? this.#world.now()) - LONG_AGO_MS;
    const first = (['production', 'staging'] as const).flatMap((place) => {
      const levels = place === 'production' ? ['info', 'warning', 'warning'] : ['debug', 'debug'];
      return levels.map((level, index) => {
        const input = definition(place, index + 1, level);
        return { family: String(input.family), revision: index + 1, at: start + index * DAY_MS, by: BY, input };
      });
    });
    const all: SimulatedDefinition[] = first;
    for (const { kind, at, data } of this.#world.facts()) {
      if (kind !== REGISTERED) continue;
      const input = data.input as Json;
      const family = String(input.family);
      const revision = all.filter((each) => each.family === family).length + 1;
      all.push({ family, revision, at, by: String(data.by), input });
    }
    return all;
  }

  services(): SimulatedService[] {
    const start = (this.#world.facts()[0]?.at ?? this.#world.now()) - LONG_AGO_MS;
    const services = [
      { name: 'backend', runs: 'backend:3', since: start + 2 * DAY_MS },
      { name: 'backend-staging', runs: 'backend-staging:2', since: start + DAY_MS },
    ];
    for (const { kind, at, data } of this.#world.facts()) {
      const service = kind === UPDATED ? services.find(({ name }) => name === data.service) : undefined;
      if (service) Object.assign(service, { runs: String(data.runs), since: at });
    }
    return services;
  }
}

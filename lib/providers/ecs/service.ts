import { type ProviderContext, ProviderError } from '../port';
import { call } from './client';
import { type Container, type Described, describedSchema, type Service, servicesSchema } from './schema';
import { labelOf, type Place } from './target';

/** A service with what its tasks are made from. */
export interface Running extends Described {
  service: Service & { taskDefinition: string };
}

/** One request. Throws `ProviderError`, also for one that was deleted. */
export async function readService(c: ProviderContext, place: Place): Promise<Running['service']> {
  const about = labelOf(place);
  const input = { cluster: place.cluster, services: [place.service] };
  const { services } = await call(c, { operation: 'DescribeServices', input, about }, servicesSchema);
  const [service] = services;
  if (!service || service.status === 'INACTIVE') {
    const sentence = `Amazon ECS has no service ${about} in this region. Check the names in the target’s settings, and the region in the connection’s address.`;
    throw new ProviderError('notFound', 'not_found', sentence);
  }
  if (service.taskDefinition) return { ...service, taskDefinition: service.taskDefinition };
  const sentence = `The tasks of ${about} are started by something else than Amazon ECS itself, so what they read cannot be told.`;
  throw new ProviderError('rejected', 'other_controller', sentence);
}

/**
 * Why its tasks may not all be what its task definition says; null when they are. A deployment that failed or goes on leaves
 * former tasks running, and a copy of its revision would bring that code back. Other controllers tell no deployments.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 */
export function notSettled({ deployments, deploymentController }: Service, place: Place): Unsettled | null {
  if ((deploymentController?.type ?? 'ECS') !== 'ECS') return null;
  const [primary, ...others] = deployments ?? [];
  const state = primary?.rolloutState;
  if (primary?.status === 'PRIMARY' && others.length === 0 && state === 'COMPLETED') return null;
  const about = labelOf(place);
  const shown = 'Shown is its task definition, which not all of its tasks run';
  if (state === 'FAILED')
    return { sentence: `The last deployment of ${about} failed. ${shown}. Deploy again first.`, passing: false };
  const sentence = `A deployment of ${about} is not completed. ${shown}. Wait until it is, then look again.`;
  return { sentence, passing: true };
}

export interface Unsettled {
  sentence: string;
  /** It ends by itself. */
  passing: boolean;
}

/** Two requests. */
export async function readRunning(c: ProviderContext, place: Place): Promise<Running> {
  const service = await readService(c, place);
  return { service, ...(await readDefinition(c, service.taskDefinition, labelOf(place))) };
}

export function readDefinition(c: ProviderContext, taskDefinition: string, about: string): Promise<Described> {
  const input = { taskDefinition, include: ['TAGS'] };
  return call(c, { operation: 'DescribeTaskDefinition', input, about }, describedSchema);
}

/** The container that is meant: the one that is named, else the only essential one. Throws `ProviderError`. */
export function containerIn({ taskDefinition }: Described, place: Place): Container {
  const all = taskDefinition.containerDefinitions;
  const names = all.map(({ name }) => name).join(', ');
  if (place.container !== undefined) {
    const found = all.find(({ name }) => name === place.container);
    if (found) return found;
    const sentence = `The tasks of ${labelOf(place)} have no container ${place.container} (there are: ${names}). Mend it in the target’s settings.`;
    throw new ProviderError('notFound', 'no_container', sentence);
  }
  const essential = all.filter((each) => each.essential !== false);
  const [only] = essential.length === 1 ? essential : all.length === 1 ? all : [];
  if (only) return only;
  const sentence = `The tasks of ${labelOf(place)} have several containers (${names}). Say in the target’s settings which one is meant.`;
  throw new ProviderError('rejected', 'several_containers', sentence);
}

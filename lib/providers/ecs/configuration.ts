import type { ConfigurationEntry, ConfigurationReads, ProviderContext, SettingName, WantedSetting } from '../port';
import { HiddenValue, ProviderError } from '../port';
import { readHistory, sinceOf } from './history';
import { liveNames } from './live';
import { regionOf } from './manifest';
import { release, whyNotWritable } from './revision';
import { containerIn, notSettled, readRunning } from './service';
import { idOf, labelOf, type Place, type Store, storeOf } from './target';

/**
 * One container's own variables and references. Which of them its code asks for ECS does not tell. Costs two requests, at most
 * three more while a deployment is not completed.
 */
export async function readPlaces(c: ProviderContext, target: Place): Promise<ConfigurationReads> {
  const running = await readRunning(c, target);
  const { name, environmentFiles = [] } = containerIn(running, target);
  const store = { cluster: target.cluster, service: target.service, container: name };
  const { clusterArn, serviceArn } = running.service;
  const several = running.taskDefinition.containerDefinitions.length > 1;
  const place = {
    ...{ id: idOf(store), scope: 'container', environment: null, absent: null, url: pageOf(c, store) },
    label: several ? `${labelOf(store)} → ${name}` : labelOf(store),
    identity: `${clusterArn} ${serviceArn} ${name}`,
  };
  // Files with variables lie in S3, where this key does not reach.
  const unsettled = notSettled(running.service, target);
  const problem = unsettled?.sentence ?? null;
  const passing = unsettled?.passing ? { passing: true as const } : {};
  const refusal = whyNotWritable(running, target);
  const notNow = refusal ? { notNow: refusal.sentence } : {};
  const live = { liveNames: await liveNames(c, running, store) };
  const complete = environmentFiles.length === 0;
  return { places: [{ ...place, ...notNow }], complete, named: null, problem, ...passing, ...live };
}

function pageOf({ origin }: ProviderContext, { cluster, service }: Store): string | null {
  const region = regionOf(origin);
  if (region === null || !/\.(amazonaws\.com|api\.aws)$/.test(origin)) return null;
  return `https://${region}.console.aws.amazon.com/ecs/v2/clusters/${cluster}/services/${service}?region=${region}`;
}

/** Variables with values, and names of secrets. At most six requests. */
export async function listSettings(c: ProviderContext, place: string): Promise<ConfigurationEntry[]> {
  const store = storeOf(place);
  const running = await readRunning(c, store);
  const { environment = [], secrets = [] } = containerIn(running, store);
  const history = await readHistory(c, running.taskDefinition, store);
  const variables = environment.flatMap(({ name, value = '' }) =>
    name
      ? {
          ...{ kind: 'variable' as const, name, createdAt: null },
          ...{ updatedAt: sinceOf(history, name), value: new HiddenValue(value) },
        }
      : [],
  );
  // A reference may stay as it is while its store gets another value: its time is not the secret's.
  const references = secrets.map(({ name }) => ({
    ...{ kind: 'secret' as const, name, createdAt: null, updatedAt: null, value: null },
  }));
  return [...variables, ...references];
}

/** Registers a revision and moves the service to it: the one request that changes what runs is the last. */
export async function writeSetting(
  c: ProviderContext,
  place: string,
  { kind, name, value }: WantedSetting,
): Promise<'created' | 'replaced'> {
  const store = storeOf(place);
  if (kind === 'secret') throw secretElsewhere(store, name);
  const running = await readRunning(c, store);
  const container = containerIn(running, store);
  const { environment = [], secrets = [] } = container;
  if (secrets.some((each) => each.name === name)) throw isReference(store, name);
  const there = environment.some((each) => each.name === name);
  const wanted = { name, value: value.reveal() };
  const changed = there ? environment.map((each) => (each.name === name ? wanted : each)) : [...environment, wanted];
  await release(c, store, running, { container, environment: changed });
  return there ? 'replaced' : 'created';
}

/** A variable by the same way. A reference is part of how a service is set up, and is taken out there. */
export async function removeSetting(
  c: ProviderContext,
  place: string,
  { kind, name }: SettingName,
): Promise<'removed' | 'absent'> {
  const store = storeOf(place);
  if (kind === 'secret') throw isReference(store, name);
  const running = await readRunning(c, store);
  const container = containerIn(running, store);
  const { environment = [] } = container;
  if (!environment.some((each) => each.name === name)) return 'absent';
  await release(c, store, running, { container, environment: environment.filter((each) => each.name !== name) });
  return 'removed';
}

function secretElsewhere({ cluster, service }: Store, name: string): ProviderError {
  const sentence = `Amazon ECS keeps no secrets, it refers to those of Secrets Manager or Parameter Store. Write the value of ${name} there, then start new tasks: aws ecs update-service --force-new-deployment --cluster ${cluster} --service ${service}.`;
  return new ProviderError('rejected', 'secret_elsewhere', sentence);
}

function isReference(store: Store, name: string): ProviderError {
  const sentence = `${name} is a reference to a secret in the task definition of ${labelOf(store)}. Change it there, where the service is set up.`;
  return new ProviderError('rejected', 'other_kind', sentence);
}

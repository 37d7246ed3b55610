import { type ProviderContext, ProviderError, type SettingName } from '../port';
import type { Container } from './schema';
import { type Running, readDefinition } from './service';
import { labelOf, type Store } from './target';

/** Deployments of before that tasks may be left of: one request each. */
const MOST = 3;

/**
 * Names that tasks of former deployments began with, while the last one is not completed or failed; empty where all tasks run
 * what the service says, which costs nothing. Throws `ProviderError`; a revision that was deleted tells nothing.
 */
export async function liveNames(c: ProviderContext, { service }: Running, store: Store): Promise<SettingName[]> {
  const left = (service.deployments ?? []).flatMap(({ taskDefinition, runningCount }) =>
    taskDefinition && (runningCount ?? 0) > 0 && taskDefinition !== service.taskDefinition ? [taskDefinition] : [],
  );
  const former = [...new Set(left)].slice(0, MOST);
  const containers = await Promise.all(former.map((arn) => containerOf(c, arn, store)));
  return containers.flatMap((each) => (each ? namesIn(each) : []));
}

async function containerOf(c: ProviderContext, arn: string, store: Store): Promise<Container | undefined> {
  try {
    const { taskDefinition } = await readDefinition(c, arn, labelOf(store));
    return taskDefinition.containerDefinitions.find(({ name }) => name === store.container);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

function namesIn({ environment = [], secrets = [] }: Container): SettingName[] {
  const variables = environment.flatMap(({ name }) => (name ? [{ kind: 'variable' as const, name }] : []));
  return [...variables, ...secrets.map(({ name }) => ({ kind: 'secret' as const, name }))];
}

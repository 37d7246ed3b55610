import { type ProviderContext, ProviderError } from '../port';
import { call } from './client';
import { type Container, registeredSchema, type TaskDefinition, updatedSchema } from './schema';
import { notSettled, type Running, readService } from './service';
import { labelOf, type Place, type Store } from './target';

/** What AWS adds to a task definition when it is registered. Everything else is taken over as it is. */
const ADDED = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
]);
const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

/**
 * A new revision that differs in one container's variables alone, and the service moved to it: its tasks are replaced as in
 * any deployment. Refused, with nothing changed, where that would bring other code along. Throws `ProviderError`.
 */
export async function release(
  c: ProviderContext,
  store: Store,
  running: Running,
  { container, environment }: { container: Container; environment: Container['environment'] },
): Promise<void> {
  const { service, taskDefinition, tags } = running;
  const about = labelOf(store);
  const refusal = whyNotWritable(running, store);
  if (refusal) throw new ProviderError('rejected', refusal.code, `Nothing was changed. ${refusal.sentence}`);
  const containerDefinitions = taskDefinition.containerDefinitions.map((each) =>
    each === container ? { ...each, environment } : each,
  );
  const own = tags.filter(({ key }) => !key.startsWith('aws:'));
  const input = { ...withoutAdded(taskDefinition), containerDefinitions, ...(own.length > 0 ? { tags: own } : {}) };
  const made = await call(c, { operation: 'RegisterTaskDefinition', input, about }, registeredSchema);
  const { taskDefinitionArn } = made.taskDefinition;
  // Whoever deployed since would be undone: the copy has the image of before.
  const now = await readService(c, store);
  if (now.taskDefinition !== service.taskDefinition || notSettled(now, store))
    throw changedMeanwhile(about, taskDefinitionArn);
  const { cluster, service: name } = store;
  const update = { cluster, service: name, taskDefinition: taskDefinitionArn };
  await call(c, { operation: 'UpdateService', input: update, about }, updatedSchema);
}

function withoutAdded(taskDefinition: TaskDefinition): Record<string, unknown> {
  return Object.fromEntries(Object.entries(taskDefinition).filter(([name]) => !ADDED.has(name)));
}

/** Why nothing is written there as it is; null when it may be. The plan says it, and the write asks again. */
export function whyNotWritable({ service, taskDefinition }: Running, place: Place): Refusal | null {
  const about = labelOf(place);
  const controller = service.deploymentController?.type ?? 'ECS';
  if (controller !== 'ECS') {
    const sentence = `Deployments of ${about} are made by ${controller === 'CODE_DEPLOY' ? 'CodeDeploy' : 'something else'}, which alone moves it to another revision. Change the variable in the task definition that it deploys.`;
    return { code: 'other_controller', sentence };
  }
  const unsettled = notSettled(service, place);
  if (unsettled) return { code: 'not_settled', sentence: unsettled.sentence };
  // Of every container: new tasks look each tag up anew, so a sidecar would bring other code along as well.
  const byTag = taskDefinition.containerDefinitions.find(({ image = '' }) => !BY_DIGEST.test(image));
  if (!byTag) return null;
  const sentence = `The image of the container ${byTag.name} of ${about} is named by a tag, and new tasks would take whatever that tag is by then. Deploy it by its digest first.`;
  return { code: 'image_by_tag', sentence };
}

interface Refusal {
  code: string;
  sentence: string;
}

function changedMeanwhile(about: string, arn: string): ProviderError {
  const revision = arn.split('/').at(-1);
  const sentence = `Somebody deployed ${about} at this very moment, so nothing was changed. Look again, then write it once more; the revision ${revision} was made and nobody uses it.`;
  return new ProviderError('rejected', 'changed_meanwhile', sentence);
}

import { type ProviderContext, ProviderError, type SettingName } from '../port';
import { call } from './client';
import { type Container, type Operation, operationSchema, type Service, type Variable } from './schema';
import { aboutOf, readRevision } from './service';
import { labelOf, pathOf, type Store } from './target';

/** Shorter than the deadline of a request, and than a lock is held for the whole of a write. */
const WAIT = '8s';
const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

interface Change {
  service: Service;
  container: Container;
  env: Variable[];
  setting: SettingName;
}

/**
 * A new revision that differs in its variables alone. The etag keeps two writers from overwriting one another. A name that
 * the template has for its revision is taken out, since a second one of that name is refused. Returns whether it is seen to
 * serve; false = it was taken, and the rest goes on there. Throws `ProviderError`.
 */
export async function release(c: ProviderContext, store: Store, change: Change): Promise<boolean> {
  const { service, container, env, setting } = change;
  const { template, etag } = service;
  const changed = (template?.containers ?? []).map((each) => (each === container ? { ...each, env } : each));
  const containers = await withTheirImages(c, store, service, changed);
  const path = pathOf(store);
  const query = { updateMask: 'template.containers,template.revision' };
  const body = { etag, template: { containers } };
  const operation = await call(c, { method: 'PATCH', path, query, body, ...aboutOf(store) }, operationSchema);
  return await settled(c, store, operation, setting);
}

/**
 * A tag is looked up anew for each revision, so a change of a variable could bring other code along: what runs is named by
 * its digest, as the last revision has it.
 */
async function withTheirImages(
  c: ProviderContext,
  store: Store,
  { latestCreatedRevision }: Service,
  containers: Container[],
): Promise<Container[]> {
  const byTag = containers.filter(({ image }) => !BY_DIGEST.test(image ?? ''));
  if (byTag.length === 0) return containers;
  const made = latestCreatedRevision ? (await readRevision(c, store, latestCreatedRevision)).containers : undefined;
  return containers.map((each) => {
    if (!byTag.includes(each)) return each;
    const same = made?.length === 1 && containers.length === 1 ? made[0] : made?.find(({ name }) => name === each.name);
    const image = same?.image ?? '';
    if (BY_DIGEST.test(image) && withoutTag(image) === withoutTag(each.image ?? '')) return { ...each, image };
    const sentence = `The image of ${labelOf(store)} is named by a tag, and the new revision that a variable needs would take whatever that tag is by then. Deploy it by its digest first; nothing was changed.`;
    throw new ProviderError('rejected', 'image_by_tag', sentence);
  });
}

/** `host/name`, whatever follows. */
const withoutTag = (image: string) => image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');

/**
 * Waits for the revision, once. What is not done then goes on there; where the waiting itself fails (the account may write
 * and not see operations) the change was taken all the same.
 */
async function settled(c: ProviderContext, store: Store, begun: Operation, setting: SettingName): Promise<boolean> {
  const name = operationName(begun, store);
  const wait = { method: 'POST', path: `/v2/${name}:wait`, body: { timeout: WAIT }, ...aboutOf(store) } as const;
  const waits = begun.done !== true && name !== null;
  const ended = waits ? await call(c, wait, operationSchema).catch(quietly) : begun;
  if (!ended?.error) return ended?.done === true;
  const { service, region, project } = store;
  const { kind, name: changed } = setting;
  const back =
    kind === 'secret' ? `--update-secrets=${changed}=<secret>:<version>` : `--update-env-vars=${changed}=<value>`;
  const sentence = `The new revision of ${service} does not start; the one before goes on serving. Its log says why. The service’s template holds the change all the same, and whatever is deployed or changed next would bring it live. Put it right there, or take it out (--remove-env-vars=${changed} where it is new): gcloud run services update ${service} ${back} --region=${region} --project=${project}.`;
  throw new ProviderError('rejected', 'revision_failed', sentence);
}

/** Only one of this place: what an answer names becomes no path of another. */
function operationName({ name }: Operation, { project, region }: Store): string | null {
  const [, id] = /^projects\/[\w.:-]+\/locations\/[\w-]+\/operations\/([\w.-]+)$/.exec(name ?? '') ?? [];
  return id && /^\w/.test(id) ? `projects/${project}/locations/${region}/operations/${id}` : null;
}

function quietly(error: unknown): null {
  if (error instanceof ProviderError) return null;
  throw error;
}

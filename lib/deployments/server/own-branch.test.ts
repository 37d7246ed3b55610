import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { connections, deployments, targets } from '@/lib/db/schema';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { triggerDeployment } from './trigger';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

/** Both targets at one project; the branch that is each one's own. */
async function host(providerId: 'netlify' | 'vercel', own: { staging: string; production: string }) {
  const { db } = world.database;
  await db.update(connections).set({ providerId });
  delete world.vendor.provider.methods.workflows;
  world.vendor.provider.manifest.capabilities.deploy = { idempotency: 'lookup', revision: 'commit' };
  for (const [slug, defaultRef] of Object.entries(own)) await set(slug, { defaultRef });
}

const PROJECT = { repository: 'acme/app', site: 'shop.netlify.app', team: 'acme', project: 'shop', production: false };
const set = (slug: string, over: Record<string, unknown>) =>
  world.database.db
    .update(targets)
    .set({ config: { ...PROJECT, ...over } })
    .where(eq(targets.id, `tgt_${slug}`));

let keys = 0;
const deploy = (ref: string, who: ServiceContext = world.as('operator'), refKind: 'branch' | 'tag' = 'branch') =>
  triggerDeployment(who, {
    ...{ targetId: 'tgt_staging', revision: { ref, refKind, sha: world.vendor.head }, inputs: {}, checklist: [] },
    ...{ reason: '', idempotencyKey: `key-of-branch-${++keys}` },
  });
const REFUSED = { kind: 'precondition', code: 'other_environment' };
const written = async () => (await world.database.db.select().from(deployments)).length;

describe.each(['netlify', 'vercel'] as const)('previews at %s are served by their branches', (providerId) => {
  test('what another environment’s target deploys is not built by this one, at the click or when it is sent', async () => {
    await host(providerId, { staging: 'dev', production: 'release' });
    const sentence = expect.stringMatching(/^The address of the branch “release” of the project “.*shop.*” is that of/);
    await expect(deploy('release')).rejects.toMatchObject({ ...REFUSED, sentence });
    expect(await written()).toBe(0);
    const { deploymentId } = await deploy('feature');
    await set('production', { defaultRef: 'feature' });
    const row = await world.look(deploymentId);
    expect(row).toMatchObject({
      failureCode: 'other_environment',
      failureSentence: expect.stringContaining('feature'),
    });
    expect(world.vendor.requests).toBe(0);
  });

  test('its own branch is, and that of nobody', async () => {
    await host(providerId, { staging: 'dev', production: 'release' });
    for (const ref of ['dev', 'feature']) expect((await deploy(ref)).outcome).toBe('created');
  });

  test('so is one that its own settings name as well', async () => {
    await host(providerId, { staging: 'release', production: 'release' });
    const { deploymentId } = await deploy('release');
    expect(await world.look(deploymentId)).toMatchObject({ failureCode: null });
    expect(world.vendor.requests).toBe(1);
  });

  test('an address is one whatever signs and capitals the name has, and whether it is a tag', async () => {
    await host(providerId, { staging: 'dev', production: 'release/next' });
    for (const ref of ['release-next', 'Release/Next']) await expect(deploy(ref)).rejects.toMatchObject(REFUSED);
    await expect(deploy('release-next', world.as('operator'), 'tag')).rejects.toMatchObject(REFUSED);
    await set('production', { defaultRef: 'release', site: 'Shop.netlify.app', project: 'Shop' });
    await expect(deploy('release')).rejects.toMatchObject(REFUSED);
  });

  test('of another project, or where production is meant, it is another address', async () => {
    await host(providerId, { staging: 'dev', production: 'release' });
    await set('production', { defaultRef: 'release', site: 'other.netlify.app', project: 'other' });
    expect((await deploy('release')).outcome).toBe('created');
    await set('production', { defaultRef: 'main', production: true });
    expect((await deploy('main')).outcome).toBe('created');
  });
});

test('the other environment is named only to whoever may see it', async () => {
  await host('netlify', { staging: 'dev', production: 'release' });
  const { actor, ...rest } = world.as('operator');
  if (actor.kind !== 'user') throw new Error('An operator is a person.');
  const ofStaging = { ...rest, actor: { ...actor, grants: [{ role: 'operator', environmentPattern: 'staging' }] } };
  await expect(deploy('release')).rejects.toMatchObject({ sentence: expect.stringContaining('Backend in production') });
  await expect(deploy('release', ofStaging as ServiceContext)).rejects.toMatchObject({
    sentence: expect.stringContaining('a target of another environment,'),
  });
});

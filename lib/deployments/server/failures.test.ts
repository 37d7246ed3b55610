import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepNotices } from '@/lib/connections/server/service-notices';
import { connections, deploymentSteps, failures, quotas } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { readFailure, readFailureLogs, rollBack } from './index';

let world: EngineWorld;
let log: { text: string; reads: number };
beforeEach(async () => {
  world = await engineWorld();
  log = { text: 'Building\nError: Cannot find module "x"\n##[error]Process completed with exit code 1.\n', reads: 0 };
  world.vendor.provider.methods.logs = {
    read: async (_c, _config, _job, cursor) => {
      if (cursor !== null) return { text: '', cursor: null };
      log.reads++;
      if (log.text === '') throw new ProviderError('notFound', 'no_log', 'There is no log yet.');
      return { text: log.text, cursor: null };
    },
  };
});
afterEach(() => world.close());

const db = () => world.database.db;
async function failed(target: 'staging' | 'production' = 'staging', sha = world.vendor.head) {
  const id = await world.deployed('failed', { target, sha });
  await db().update(deploymentSteps).set({ status: 'failed' }).where(eq(deploymentSteps.deploymentId, id));
  return id;
}
const kept = async (id: string) => {
  const [row] = await db().select().from(failures).where(eq(failures.deploymentId, id));
  return row ?? expect.fail('nothing was kept');
};
/** Somebody who sees one environment. */
const seesOnly = (environmentPattern: string) => {
  const viewer = world.as('viewer');
  if (viewer.actor.kind !== 'user') return expect.fail('not a person');
  return { ...viewer, actor: { ...viewer.actor, grants: [{ role: 'viewer' as const, environmentPattern }] } };
};

describe('what a deployment failed with', () => {
  test('is kept with its end, and by the first error of its log a moment later, once for all instances', async () => {
    const id = await failed();
    expect(await kept(id)).toMatchObject({ source: 'said', line: 'Run tests failed with exit code 1.' });
    await Promise.all([readFailureLogs(world.engine), readFailureLogs(world.engine)]);
    await readFailureLogs(world.engine);
    expect(log.reads).toBe(1);
    expect(await kept(id)).toMatchObject({
      ...{ source: 'log', line: 'Error: Cannot find module "x"', exitCode: 1, step: 'Run tests', nextTryAt: null },
    });
  });

  test('a log that is not there yet is asked for again, and not for ever; what it says of secrets is masked', async () => {
    log.text = '';
    const id = await failed();
    for (let n = 0; n < 6; n++) {
      await readFailureLogs(world.engine);
      await db().update(failures).set({ nextTryAt: sql`now()` }).where(sql`next_try_at is not null`);
    }
    expect(log.reads).toBe(4);
    log.text = `Error: token ghp_${'a1B2'.repeat(9)} was refused\n`;
    await db().update(failures).set({ nextTryAt: sql`now()`, tries: 0 });
    await readFailureLogs(world.engine);
    expect((await kept(id)).line).toBe('Error: token [redacted] was refused');
  });

  test('is kept without the password of an address or a bearer, also where the end is all that is known', async () => {
    const secret = 'postgres://app:hunter2secret@db.internal:5432/prod';
    const hidden = `${'x'.repeat(270)} https://app:${'p4ss'.repeat(10)}@db.internal`;
    for (const [sha, text, line] of [
      ['c', `Error: connect failed ${secret}\n`, 'Error: connect failed postgres://[redacted]@db.internal:5432/prod'],
      ['d', 'Error: 401 for Authorization: Bearer abcdef0123456789\n', 'Error: 401 for Authorization: [redacted]'],
      ['e', `Error: ${hidden}\n`, expect.not.stringContaining('p4ss')],
    ] as const) {
      log.text = text;
      const id = await failed('staging', sha.repeat(40));
      await readFailureLogs(world.engine);
      expect((await kept(id)).line).toEqual(line);
    }
  });

  test('is known again here and elsewhere, as far as the reader may see', async () => {
    const first = await failed('staging');
    const again = await failed('staging', 'b'.repeat(40));
    const production = await failed('production');
    log.text = 'Error: 2026-11-27 Cannot find module "x"\n##[error]Process completed with exit code 1.\n';
    for (const _ of [1, 2]) await readFailureLogs(world.engine);
    await db()
      .update(failures)
      .set({ fingerprint: 'f'.repeat(16) });
    const view = await readFailure(world.as('viewer'), { deploymentId: again });
    expect([view.here.times, view.here.last?.id]).toEqual([1, first]);
    expect(view.elsewhere).toMatchObject({ times: 1, newest: [{ id: production, environment: 'production' }] });
    const limited = await readFailure(seesOnly('staging'), { deploymentId: again });
    expect(limited.elsewhere).toEqual({ times: 0, newest: [] });
    await expect(readFailure(seesOnly('production'), { deploymentId: again })).rejects.toMatchObject({
      kind: 'notFound',
    });
  });

  test('a credential that has ended by now explains no failure of two days ago', async () => {
    const id = await failed();
    const report = { ok: true, account: 'ci', scopes: [], problems: [], expiresAt: new Date(0).toISOString() };
    await db().update(connections).set({ report });
    const read = () => readFailure(world.as('viewer'), { deploymentId: id });
    expect((await read()).verdict).toContain('It may be the connection');
    await db().update(failures).set({ failedAt: sql`now() - interval '2 days'` });
    expect(await read()).toMatchObject({
      verdict: expect.stringContaining('look at this change first'),
      weather: [{ tone: 'bad' }],
    });
  });

  test('comes with what the provider said while it ran, also when its page says it no more', async () => {
    const id = await failed();
    const incident = { url: null, impact: 'major' as const, parts: [], latest: 'We are looking.' };
    const before = new Date(Date.now() - 3_600_000).toISOString();
    const notice = { ...incident, name: 'Runs are slow', since: before };
    await keepNotices(world.engine, 'scripted', { page: '', incidents: [notice, notice], maintenance: [] });
    await db().execute(sql`insert into service_notices (provider_id, key, name, impact, since, seen_at)
      values ('scripted', 'old', 'Over since long', 'minor', now() - interval '9 days', now() - interval '8 days')`);
    const view = await readFailure(world.as('viewer'), { deploymentId: id });
    expect(view.said.map(({ name, latest }) => [name, latest])).toEqual([['Runs are slow', 'We are looking.']]);
    expect(view.verdict).toContain('had trouble of its own while it ran: “Runs are slow”');
    // Between two readings of the page it may have begun to run after the last one that still said so.
    await db().execute(sql`update service_notices set seen_at = (select coalesce(submitted_at, requested_at) from deployments
      where id = ${id}) - interval '4 minutes' where name = 'Runs are slow'`);
    expect((await readFailure(world.as('viewer'), { deploymentId: id })).said).toHaveLength(1);
  });
});

describe('a deployment whose later step cannot succeed', () => {
  const quota = (remaining: number) =>
    db()
      .insert(quotas)
      .values({
        ...{ connectionId: 'con_1', resource: 'core', limit: 5_000, remaining },
        ...{ resetAt: sql`now() + interval '40 minutes'`, updatedAt: sql`now()` },
      })
      .onConflictDoUpdate({ target: [quotas.connectionId, quotas.resource], set: { remaining } });
  const ends = (inMinutes: number) => {
    const expiresAt = new Date(Date.now() + inMinutes * 60_000).toISOString();
    const report = { ok: true, account: 'ci', scopes: [], problems: [], expiresAt };
    return db().update(connections).set({ report });
  };

  test('is refused where it is asked for, and goes when it can', async () => {
    await quota(4);
    await expect(world.click()).rejects.toMatchObject({
      code: 'quota_short',
      message: expect.stringMatching(/allows 4 more requests until .* needs 10 at least/),
    });
    await quota(400);
    await ends(-1);
    await expect(world.click()).rejects.toMatchObject({ code: 'credential_ends' });
    await ends(600);
    expect((await world.click()).outcome).toBe('created');
  });

  test('waits in the queue with the same sentence, and is not sent', async () => {
    const { deploymentId } = await world.click();
    await quota(2);
    const row = await world.look(deploymentId);
    expect([row.status, world.vendor.requests]).toEqual(['queued', 0]);
    expect(row.waitingFor).toContain('allows 2 more requests');
    await quota(400);
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('a roll-back takes the requests that are left, and needs a credential all the same', async () => {
    const old = await world.deployed('done', { sha: 'b'.repeat(40) });
    await world.deployed('done');
    await quota(2);
    const back = (key: string) =>
      rollBack(world.as('operator'), {
        ...{ targetId: 'tgt_staging', toDeploymentId: old, reason: 'Errors went up', idempotencyKey: key },
      });
    await ends(-1);
    await expect(back('key-back-1')).rejects.toMatchObject({ code: 'credential_ends' });
    await ends(600);
    expect((await back('key-back-2')).outcome).toBe('created');
  });
});

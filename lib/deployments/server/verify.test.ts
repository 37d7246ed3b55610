import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployments, targets } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { Probe } from '@/lib/targets/model/probe';
import { type EngineWorld, engineWorld } from '../testing/engine-world';

const URL = 'https://api.example.com/version';
const OLD = 'b'.repeat(40);

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

const says = (value: unknown, status = 200) => {
  world.outside.answer = async () => Response.json({ sha: value }, { status });
};
const probed = (over: Partial<Probe> = {}) =>
  world.database.db.update(targets).set({ probe: Probe.parse({ url: URL, field: 'sha', ...over }) });
const minutesPass = (minutes: number) =>
  world.database.db.update(deployments).set({
    statusSince: sql`status_since - make_interval(mins => ${minutes})`,
    deadlineAt: sql`deadline_at - make_interval(mins => ${minutes})`,
  });

/** A deployment that the provider calls done. */
async function accepted(): Promise<string> {
  const { deploymentId } = await world.click();
  await world.look(deploymentId);
  for (const run of world.vendor.runs) run.phase = 'done';
  await world.look(deploymentId);
  return deploymentId;
}

describe('live and verified', () => {
  test('the thing itself says the commit: succeeded, with which address answered what and when', async () => {
    await probed();
    says(world.vendor.head.slice(0, 7));
    const row = await world.row(await accepted());
    expect(row).toMatchObject({ status: 'succeeded', waitingFor: null });
    expect(row.evidence).toMatchObject({
      sentence: expect.stringMatching(
        /^https:\/\/api\.example\.com\/version answered aaaaaaa at \d\d:\d\d:\d\d UTC, \d+ s after/,
      ),
      probe: { url: URL, answered: 'aaaaaaa', at: expect.any(String) },
    });
    expect(await world.current()).toBe(row.id);
  });

  test('accepted but not live is visible, and becomes a success the moment it is live', async () => {
    await probed();
    says(OLD);
    const id = await accepted();
    const waiting = await world.row(id);
    expect(waiting).toMatchObject({ status: 'verifying', providerDoneAt: expect.any(Date), failureCode: null });
    expect(waiting.waitingFor).toMatch(
      /^Accepted by the provider; https:\/\/api\.example\.com\/version still says bbbbbbb \(since \d\d:\d\d, until \d\d:\d\d UTC\)\.$/,
    );
    expect(await world.current()).toBeNull();
    await minutesPass(9);
    expect((await world.look(id)).status).toBe('verifying');
    says(world.vendor.head);
    expect((await world.look(id)).status).toBe('succeeded');
  });

  test('not live within its time: failed as not_live, with what was seen; what was live stays current', async () => {
    await probed({ withinMinutes: 60 });
    says(OLD);
    const id = await accepted();
    await minutesPass(59);
    expect((await world.look(id)).status, 'not before its own deadline').toBe('verifying');
    await minutesPass(1);
    expect(await world.look(id)).toMatchObject({
      status: 'failed',
      failureCode: 'not_live',
      failureSentence: expect.stringContaining(
        '60 min later https://api.example.com/version still says bbbbbbb, not aaaaaaa',
      ),
    });
    expect(await world.current()).toBeNull();
    expect((await world.audits('deployment.health_refused'))[0]).toMatchObject({ code: 'not_live', outcome: 'failed' });
  });

  const odd: [string, () => Promise<Response>][] = [
    ['500', async () => new Response('oops', { status: 500 })],
    ['nonsense', async () => new Response('<html>Sign in to the hotel network</html>')],
    ['another type', async () => Response.json({ sha: { deep: true } })],
    ['too much', async () => new Response(`{"sha":"${'a'.repeat(40)}","x":"${'y'.repeat(20_000)}"}`)],
    ['no answer', async () => Promise.reject(new TypeError('fetch failed'))],
    ['a time-out', async () => Promise.reject(new DOMException('timed out', 'TimeoutError'))],
    ['an empty text', async () => new Response('')],
  ];
  test.each(odd)('a probe that gives %s is trouble: never a success, never an early failure', async (_, answer) => {
    await probed();
    world.outside.answer = answer;
    const id = await accepted();
    for (let look = 0; look < 12; look++) await world.look(id);
    const row = await world.row(id);
    expect(row).toMatchObject({ status: 'verifying', failureCode: null });
    expect(row.troubleSentence).toMatch(/gives no usable answer: .+ It is asked again\.$/);
    await minutesPass(11);
    expect((await world.look(id)).status, 'the first look after a long sleep decides nothing').toBe('verifying');
    expect(await world.look(id)).toMatchObject({ status: 'failed', failureCode: 'not_live' });
  });

  test('an address that is back at the second look after a long sleep is believed', async () => {
    await probed();
    says('no commit at all');
    const id = await accepted();
    await minutesPass(90);
    expect((await world.look(id)).status).toBe('verifying');
    says(world.vendor.head);
    expect((await world.look(id)).status).toBe('succeeded');
  });

  test('a provider that no longer knows the run, or is down, ends nothing while the address is asked', async () => {
    await probed();
    says(OLD);
    const id = await accepted();
    for (const kind of ['notFound', 'unavailable'] as const) {
      world.vendor.readError = new ProviderError(kind, kind, 'It cannot be read.');
      for (let look = 0; look < 5; look++) await world.look(id);
      expect((await world.row(id)).status).toBe('verifying');
    }
    says(world.vendor.head);
    expect((await world.look(id)).status).toBe('succeeded');
  });

  test('a version can be compared instead of a commit', async () => {
    await probed({ field: null, says: 'version' });
    world.outside.answer = async () => new Response(`${world.vendor.head.slice(0, 7)}\n`);
    expect((await world.row(await accepted())).status).toBe('succeeded');
  });

  describe('by its version', () => {
    const TAG = { ref: 'v1.2.0', refKind: 'tag' } as const;
    const version = (value: string) => {
      world.outside.answer = async () => new Response(value);
    };
    /** Accepted by the provider, and asked for by a tag. */
    async function tagged(over: Partial<typeof deployments.$inferSelect> = {}): Promise<string> {
      const { deploymentId } = await world.click();
      await world.database.db
        .update(deployments)
        .set({ ...TAG, ...over })
        .where(eq(deployments.id, deploymentId));
      await world.look(deploymentId);
      for (const run of world.vendor.runs) run.phase = 'done';
      await world.look(deploymentId);
      return deploymentId;
    }
    beforeEach(() => probed({ field: null, says: 'version' }));

    test('a tag of a commit that was first deployed from a branch is known by the tag', async () => {
      version(world.vendor.head.slice(0, 7));
      expect((await world.row(await accepted())).status).toBe('succeeded');
      version('1.2.0');
      expect((await world.row(await tagged())).status).toBe('succeeded');
    });

    test('a branch whose commit was released as a tag may go by the tag; a tag goes by its own name only', async () => {
      version('1.2.0');
      await tagged();
      expect((await world.row(await accepted())).status).toBe('succeeded');
      const other = await tagged({ ref: 'v1.3.0' });
      expect((await world.row(other)).status).toBe('verifying');
    });

    test('a branch does not go by the tag of another commit', async () => {
      version('1.2.0');
      await tagged();
      world.vendor.head = 'd'.repeat(40);
      expect((await world.row(await accepted())).status).toBe('verifying');
    });

    test('a moved tag says the same before and after: the provider is read back, and the evidence says so', async () => {
      version('1.2.0');
      expect((await world.row(await tagged())).evidence).toMatchObject({
        sentence: expect.not.stringContaining('cannot tell'),
      });
      world.vendor.head = 'd'.repeat(40);
      world.vendor.provider.methods.status = {
        observe: async (_c, _config, ref) => {
          if (wavering) throw new ProviderError('unavailable', 'unavailable', 'It cannot be read.');
          return world.vendor.observe(ref);
        },
      };
      let wavering = false;
      const { deploymentId } = await world.click();
      await world.database.db.update(deployments).set(TAG).where(eq(deployments.id, deploymentId));
      await world.look(deploymentId);
      await world.database.db
        .update(deployments)
        .set({ status: 'verifying', providerDoneAt: sql`now()` })
        .where(eq(deployments.id, deploymentId));
      wavering = true;
      expect((await world.look(deploymentId)).status, 'its answer alone proves nothing').toBe('verifying');
      wavering = false;
      for (const run of world.vendor.runs) run.phase = 'done';
      expect(await world.look(deploymentId)).toMatchObject({
        status: 'succeeded',
        evidence: {
          sentence: expect.stringMatching(/#\d+ \(aaaaaaa\) has the same name, so .+ Run \d+, .+ for ddddddd\.$/),
          probe: { answered: '1.2.0' },
        },
      });
    });
  });

  test('that another commit was built is said at once, without waiting for the address', async () => {
    world.vendor.shaInput = null;
    await probed();
    says(OLD);
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    for (const run of world.vendor.runs) Object.assign(run, { phase: 'done', sha: OLD });
    expect(await world.look(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'wrong_commit' });
  });

  test('without a probe the provider is read back', async () => {
    await world.database.db.update(targets).set({ probe: null }).where(eq(targets.id, 'tgt_staging'));
    const row = await world.row(await accepted());
    expect(row).toMatchObject({ status: 'succeeded', evidence: { sentence: expect.stringContaining('read back') } });
  });
});

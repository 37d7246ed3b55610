import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { z } from 'zod';
import { type Actor, personId } from '@/lib/auth/actor';
import { Client } from '@/lib/cli/client';
import { sit } from '@/lib/cli/testing/sit';
import { packageSeats } from '@/lib/db/schema';
import { collectCommand, republishCommand, uploadPackageCommand } from '@/lib/extensions/commands';
import { PACKAGES_AT_ONCE, UPLOADS_PER_HOUR, WHOLE_AT_ONCE } from '@/lib/extensions/model/limits';
import { memoryBlobs } from '@/lib/extensions/testing/memory-blobs';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import type { Refusal } from '@/lib/kernel/errors';
import { type ActionDefinition, type ActionHost, runAction } from '@/lib/pipeline/run-action';
import { takeSeat } from '@/lib/realtime/seats';
import { type ApiWorld, apiWorld, OWN, stubServerEnv } from './testing/api-world';
import { contentOf } from './upload';

let world: ApiWorld;
const file = path.join(os.tmpdir(), `upload-${process.pid}.vsix`);
beforeAll(async () => {
  world = await apiWorld();
  stubServerEnv(world);
  world.engine.blobs = memoryBlobs();
});
afterAll(() => world.close());

const asFile = { 'Content-Type': 'application/octet-stream' };
const request = (body: BodyInit, headers: Record<string, string> = asFile) =>
  new Request(`${OWN}/api/extensions/upload`, { method: 'POST', body, headers });

const hostOf = (actor: Actor, origin: string): ActionHost => ({
  facts: { requestId: 'req_1', ip: null, origin, secFetchSite: null },
  ownOrigin: OWN,
  resolveActor: async () => actor,
  contextFor: async (who, requestId) => ({ ...world.engine, actor: who, requestId }),
});

/** As the browser's route does it, from a page of this origin. */
async function fromPage(made: Request, origin: string, actor: Actor) {
  const readInput = async () => ({ content: contentOf(made) });
  return await runAction(uploadPackageCommand, undefined, { ...hostOf(actor, origin), readInput });
}
const runAs = (actor: Actor, command: typeof republishCommand | typeof collectCommand, input: unknown) =>
  runAction(command as unknown as ActionDefinition<z.ZodType, unknown>, input, hostOf(actor, OWN));

test('the command line sends a file as it is; the second time it was there; what it is can be read', async () => {
  writeFileSync(file, sampleVsix({ name: 'sent' }));
  const token = await world.token();
  const served = await world.listen();
  const api = new Client({ url: served.url, token }, new AbortController().signal);
  const first = await sit('extension upload', [file], api);
  expect(first).toMatchObject({ code: 0 });
  expect(first.out).toMatch(/^Kept: acme\.sent 1\.0\.0, inspection passed\n[0-9a-f]{64}\n$/);
  expect((await sit('extension upload', [file], api)).out).toMatch(/^Was here already/);
  const id = first.out.trim().split('\n').at(-1) ?? '';
  expect((await sit('extension show', [id], api)).out).toContain('acme.sent 1.0.0: inspection passed');
  expect((await sit('extension list', [], api)).out).toContain('acme.sent');
  expect((await sit('extension upload', ['/nowhere/it.vsix'], api)).code).toBe('usage');
  await served.close();
});

test('a viewer’s token, none, another type and a body of nothing are refused with what to do', async () => {
  const viewer = await world.token({ grants: [{ role: 'viewer', environmentPattern: '*' }] });
  const asked = async (token: string | undefined) =>
    (await world.call('POST /extensions/packages', { ...(token ? { token } : {}), body: {} })).status;
  expect(await asked(undefined)).toBe(401);
  expect(await asked(viewer)).toBe(403);
  expect(await asked(await world.token())).toBe(415);
});

test('another site’s page gets nowhere, and no byte of its file is read', async () => {
  const { actor } = await world.person();
  const made = request(sampleVsix({ name: 'foreign' }) as BodyInit);
  expect(await fromPage(made, 'https://evil.test', actor)).toMatchObject({
    ok: false,
    refusal: { code: 'origin_foreign' },
  });
  expect(made.bodyUsed).toBe(false);
  const form = request('a=b', { 'Content-Type': 'application/x-www-form-urlencoded' });
  expect(await fromPage(form, OWN, actor)).toMatchObject({ ok: false, refusal: { code: 'content_type' } });
});

test(`${UPLOADS_PER_HOUR} an hour: one more is refused with the time to wait, whoever else goes on`, async () => {
  const [many, other] = [(await world.person()).actor, (await world.person()).actor];
  const send = (who: Actor, name: string) => fromPage(request(sampleVsix({ name }) as BodyInit), OWN, who);
  for (let at = 0; at < UPLOADS_PER_HOUR; at++) expect((await send(many, `many-${at}`)).ok).toBe(true);
  expect(await send(many, 'one-more')).toMatchObject({ ok: false, refusal: { code: 'rate_limited' } });
  const others = [
    await runAs(many, republishCommand, { packageId: '0'.repeat(64) }),
    await runAs(many, collectCommand, { deploymentId: 'dep_none' }),
  ];
  const refused = { ok: false, refusal: { code: 'rate_limited' } };
  expect(others, 'by whatever way they come').toMatchObject([refused, refused]);
  expect((await send(other, 'one-more')).ok).toBe(true);
});

test('two at once, in whatever instance: a third waits for one of them to end, or for one that says nothing more', async () => {
  const { actor } = await world.person();
  const ctx = { ...world.engine, actor };
  const slow = [0, 1].map(() => new Readable({ read: () => undefined }));
  const running = slow.map((content) => uploadPackageCommand.run(ctx, { content }));
  const third = { content: sampleVsix({ name: 'third' }) };
  const seats = () => ctx.db.$count(packageSeats, eq(packageSeats.person, personId(actor) ?? ''));
  await vi.waitFor(async () => expect(await seats()).toBe(2), PATIENTLY);
  await expect(uploadPackageCommand.run(ctx, third)).rejects.toMatchObject({
    code: 'too_many_uploads',
    retryAfter: 60,
  });
  for (const content of slow) content.destroy(new Error('gone'));
  await Promise.allSettled(running);
  // Another instance has both, then one of them falls silent.
  const person = personId(actor) ?? expect.fail('nobody');
  const endsAt = sql`now() + interval '1 minute'`;
  const other = (seat: number) => ({ person, seat, holder: 'another instance', endsAt });
  await ctx.db.insert(packageSeats).values([other(1), other(2)]);
  await expect(uploadPackageCommand.run(ctx, third)).rejects.toMatchObject({ code: 'too_many_uploads' });
  await ctx.db.update(packageSeats).set({ endsAt: sql`now()` }).where(eq(packageSeats.seat, 2));
  expect(await uploadPackageCommand.run(ctx, third)).toMatchObject({ outcome: 'new' });
  expect(await ctx.db.select({ seat: packageSeats.seat }).from(packageSeats)).toEqual([{ seat: 1 }]);
});

/** For what the database is asked meanwhile. */
const PATIENTLY = { timeout: 10_000, interval: 20 };
afterEach(() => void vi.useRealTimers());

test('a place is kept while its work goes on', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { actor } = await world.person();
  const ctx = { ...world.engine, actor };
  const content = new Readable({ read: () => undefined });
  const running = uploadPackageCommand.run(ctx, { content });
  const mine = eq(packageSeats.person, personId(actor) ?? '');
  const left = async () => {
    const over = sql<boolean>`${packageSeats.endsAt} <= now()`;
    return (await ctx.db.select({ over }).from(packageSeats).where(mine)).map((row) => row.over);
  };
  await vi.waitFor(async () => expect(await left()).toEqual([false]), PATIENTLY);
  await ctx.db.update(packageSeats).set({ endsAt: sql`now()` }).where(mine);
  expect(await left()).toEqual([true]);
  vi.advanceTimersByTime(20_000);
  await vi.waitFor(async () => expect(await left()).toEqual([false]), PATIENTLY);
  content.destroy(new Error('gone'));
  await expect(running).rejects.toMatchObject({ code: 'upload_cut_off' });
});

test('whatever way a package comes in, it takes one of the person’s places and one of those that are held whole', async () => {
  const { actor } = await world.person();
  const ctx = { ...world.engine, actor };
  const person = personId(actor) ?? expect.fail('nobody');
  const ways = () => [
    collectCommand.run(ctx, { deploymentId: 'dep_none' }),
    republishCommand.run(ctx, { packageId: 'a'.repeat(64) }),
  ];
  const codes = async () =>
    (await Promise.allSettled(ways())).map((way) => way.status === 'rejected' && (way.reason as Refusal).code);
  const leave = Array.from({ length: WHOLE_AT_ONCE }, () => takeSeat('packages:whole', WHOLE_AT_ONCE));
  expect(await codes()).toEqual(['packages_crowded', 'packages_crowded']);
  for (const each of leave) each?.();
  const taken = (seat: number) => ({
    person,
    seat,
    holder: 'another instance',
    endsAt: sql`now() + interval '1 minute'`,
  });
  await ctx.db.insert(packageSeats).values([taken(1), taken(2)]);
  expect(await codes()).toEqual(['too_many_uploads', 'too_many_uploads']);
});

test('whoever is sent away because there is no place has used up none of the uploads of the hour', async () => {
  const { actor } = await world.person();
  const send = (name: string) => fromPage(request(sampleVsix({ name }) as BodyInit), OWN, actor);
  const leave = Array.from({ length: PACKAGES_AT_ONCE }, () => takeSeat('packages:stream', PACKAGES_AT_ONCE));
  for (let at = 0; at <= UPLOADS_PER_HOUR; at++)
    expect(await send('again')).toMatchObject({ ok: false, refusal: { code: 'packages_crowded' } });
  for (const each of leave) each?.();
  expect((await send('again')).ok).toBe(true);
});

test('one process looks at so many packages of everybody, and says so to the next', async () => {
  const leave = Array.from({ length: PACKAGES_AT_ONCE }, () => takeSeat('packages:stream', PACKAGES_AT_ONCE));
  const { actor } = await world.person();
  const content = sampleVsix({ name: 'crowd' });
  const refused = uploadPackageCommand.run({ ...world.engine, actor }, { content });
  await expect(refused).rejects.toMatchObject({ kind: 'tooMany', code: 'packages_crowded' });
  for (const each of leave) each?.();
  expect(await uploadPackageCommand.run({ ...world.engine, actor }, { content })).toMatchObject({ outcome: 'new' });
});

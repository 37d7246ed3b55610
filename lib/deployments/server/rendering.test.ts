import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { components, deployments, environments, targets } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import type { RenderingMode } from '@/lib/rendering/model/mode';
import { Probe } from '@/lib/targets/model/probe';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { declareWorkflow, fixInputs } from '../testing/workflow';
import { redeploy } from './again';
import { triggerAs } from './trigger';

const SITE = 'https://dash.example.com';
const RECORD = `${SITE}/.well-known/aetherstack.json`;

let world: EngineWorld;
/** What the host is set to, how often that was written, and what the next write ends in. */
let host: { mode: RenderingMode | null; written: number; error: ProviderError | null };
/** What the site says of itself. */
let site: { mode: RenderingMode; sha: string; headers: Record<string, string> } | 'none' | 'down';

beforeEach(async () => {
  world = await engineWorld();
  host = { mode: null, written: 0, error: null };
  const { manifest, methods } = world.vendor.provider;
  manifest.capabilities.rendering = { modes: ['ssr', 'ssg'], writes: 'variable', name: 'MODE' };
  methods.rendering = {
    read: async () => ({ mode: host.mode, raw: String(host.mode), where: 'MODE', url: null, obstacle: null }),
    write: async (_c, _config, _ref, mode) => {
      if (host.error) throw host.error;
      Object.assign(host, { mode, written: host.written + 1 });
      return 'written';
    },
  };
  const { db } = world.database;
  await db.update(components).set({ kind: 'dashboard' });
  await db.update(targets).set({ rendering: 'ssr', probe: Probe.parse({ url: `${SITE}/version`, field: 'sha' }) });
  world.outside.answer = async (url) => {
    if (url.endsWith('/version')) return Response.json({ sha: world.vendor.head });
    if (site === 'down') return new Response('', { status: 503 });
    if (site === 'none') return new Response('', { status: 404 });
    if (url !== RECORD) return new Response('<p>', { headers: site.headers });
    const { mode, sha } = site;
    const rest = { basePath: '', marker: null, routes: [], features: [], baked: [] };
    return Response.json({ schema: 1, mode, sha, builtAt: '2026-11-27T04:00:00Z', ...rest });
  };
});
afterEach(() => world.close());

const says = (mode: RenderingMode, sha = world.vendor.head) => {
  site = { mode, sha, headers: {} };
};
let keys = 0;
const move = (mode: RenderingMode, sha = world.vendor.head) => {
  const revision = { ref: 'main', refKind: 'branch', sha } as const;
  const input = {
    targetId: 'tgt_staging',
    revision,
    inputs: { level: 'info' },
    idempotencyKey: `key-of-mode-${++keys}`,
  };
  return triggerAs(world.as('operator'), input, mode);
};
/** The provider starts it, calls it done, and it is looked at from outside. */
async function accepted(id: string) {
  await world.look(id);
  for (const run of world.vendor.runs) run.phase = 'done';
  await world.look(id);
  return world.look(id);
}
const modeOf = async (slug: string) => {
  const [found] = await world.database.db
    .select()
    .from(targets)
    .where(eq(targets.id, `tgt_${slug}`));
  return found?.rendering ?? null;
};
const minutesPass = (minutes: number) =>
  world.database.db.update(deployments).set({
    statusSince: sql`status_since - make_interval(mins => ${minutes})`,
    deadlineAt: sql`deadline_at - make_interval(mins => ${minutes})`,
  });

const SERVES = {
  ...{ findable: true, markerInput: null, shaInput: null },
  serve: { verb: 'promote', remoteId: '7', url: null },
} as const;

describe('the host is told before the one request', () => {
  test('a plain deployment has it set to the target’s mode; a switch to the other, and only its success moves the target', async () => {
    says('ssr');
    expect(await accepted((await world.click()).deploymentId)).toMatchObject({ status: 'succeeded', rendering: 'ssr' });
    expect(host).toMatchObject({ mode: 'ssr', written: 1 });
    const { deploymentId } = await move('ssg');
    await world.look(deploymentId);
    expect([host.mode, await modeOf('staging')]).toEqual(['ssg', 'ssr']);
    says('ssg');
    expect(await accepted(deploymentId)).toMatchObject({ status: 'succeeded', rendering: 'ssg' });
    expect([await modeOf('staging'), await modeOf('production')]).toEqual(['ssg', 'ssr']);
  });

  test('a write that fails starts nothing, leaves nothing in doubt, and is tried again', async () => {
    host.error = new ProviderError('unavailable', 'down', 'The host is away.', { ambiguous: true });
    const { deploymentId } = await move('ssg');
    const row = await world.look(deploymentId);
    expect(row).toMatchObject({ status: 'submitting', waitingFor: expect.stringContaining('nothing was started') });
    expect([world.vendor.requests, world.vendor.lookups]).toEqual([0, 0]);
    expect((await world.attemptsOf(deploymentId))[0]).toMatchObject({ state: 'refused', error: 'down' });
    host.error = null;
    await world.passTime(60);
    await world.look(deploymentId);
    expect([host.mode, world.vendor.requests]).toEqual(['ssg', 1]);
  });

  test('what the host refuses ends it in the host’s words, and what is live keeps its mode', async () => {
    host.error = new ProviderError('rejected', 'rendering_hidden', 'MODE cannot be read back. Delete it there.');
    const row = await world.look((await move('ssg')).deploymentId);
    expect(row).toMatchObject({
      failureCode: 'rendering_hidden',
      failureSentence: expect.stringContaining('Delete it'),
    });
    expect([world.vendor.requests, await modeOf('staging')]).toEqual([0, 'ssr']);
  });

  test.each([
    ['a plain deployment', {}],
    ['a re-run', { kind: 'retry', remoteId: '7' }],
    ['a promotion', { kind: 'promote', dispatch: SERVES }],
    ['one of before modes were known', { rendering: null, previousDeploymentId: null }],
  ] as const)('what waited while the target was moved is not sent, or it would move it back: %s', async (_, as) => {
    says('ssr');
    await accepted((await world.click()).deploymentId);
    const moving = (await move('ssg')).deploymentId;
    await world.look(moving);
    world.vendor.head = 'c'.repeat(40);
    const plain = (await world.click()).deploymentId;
    if ('kind' in as || 'rendering' in as)
      await world.database.db.update(deployments).set(as).where(eq(deployments.id, plain));
    world.vendor.head = 'a'.repeat(40);
    says('ssg');
    expect((await accepted(moving)).status).toBe('succeeded');
    const sent = world.vendor.requests;
    expect(await world.look(plain)).toMatchObject({ failureCode: 'rendering_changed' });
    expect([world.vendor.requests, host.mode]).toEqual([sent, 'ssg']);
  });
});

describe('what is live has to be built as was asked', () => {
  test('the other mode is accepted, not live: visible, and a failure at its deadline; the target keeps its mode', async () => {
    says('ssr');
    const { deploymentId } = await move('ssg');
    const waiting = await accepted(deploymentId);
    expect(waiting).toMatchObject({ status: 'verifying', failureCode: null });
    expect(waiting.waitingFor).toContain(`${RECORD} says SSR, not SSG of aaaaaaa (since `);
    await minutesPass(11);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'other_mode' });
    expect([await modeOf('staging'), await world.current()]).toEqual(['ssr', null]);
  });

  test('it becomes a success the moment it is, with what proved it', async () => {
    says('ssr', 'b'.repeat(40));
    const { deploymentId } = await world.click();
    expect((await accepted(deploymentId)).waitingFor).toContain('built from bbbbbbb');
    says('ssr');
    const { status, evidence } = await world.look(deploymentId);
    expect(status).toBe('succeeded');
    expect(evidence).toMatchObject({ rendering: { asked: 'ssr', shown: 'ssr', by: 'record', address: RECORD } });
  });

  test('without a record it is live, and never green by silence: not proved, and said so', async () => {
    site = 'none';
    const { status, evidence } = await accepted((await move('ssg')).deploymentId);
    expect(status).toBe('succeeded');
    expect(evidence).toMatchObject({ rendering: { shown: null }, sentence: expect.stringContaining('is not proved') });
  });

  test('a site that cannot be asked is asked again, and then its mode is not proved', async () => {
    site = 'down';
    const { deploymentId } = await move('ssg');
    expect(await accepted(deploymentId)).toMatchObject({
      status: 'verifying',
      troubleSentence: `${RECORD} answered 503. It is asked again.`,
    });
    await minutesPass(3);
    const { status, evidence } = await world.look(deploymentId);
    expect([status, evidence]).toEqual([
      'succeeded',
      expect.objectContaining({ rendering: expect.objectContaining({ shown: null }) }),
    ]);
  });
});

describe('the mode is part of what a deployment is', () => {
  test('the same commit in another mode is another deployment; whoever repeats one repeats its mode', async () => {
    const plain = await world.click();
    const moved = await move('ssg');
    expect([moved.outcome, moved.deploymentId === plain.deploymentId]).toEqual(['created', false]);
    expect((await move('ssg')).outcome, 'the same switch twice').toBe('joined');
    const who = world.as('operator');
    const again = await redeploy(who, { deploymentId: moved.deploymentId, idempotencyKey: 'key-once-more' });
    expect(again.deploymentId).toBe(moved.deploymentId);
  });

  test('an approval for SSR never counts for SSG', async () => {
    await world.database.db.update(environments).set({ policy: { approvals: 1 } });
    const digests = await Promise.all(
      [await world.click(), await move('ssg')].map(
        async ({ deploymentId }) => (await world.row(deploymentId)).approvalDigest,
      ),
    );
    expect(new Set(digests).size).toBe(2);
  });

  test('another component has none: nothing is written, asked or recorded', async () => {
    await world.database.db.update(components).set({ kind: 'backend' });
    world.outside.answer = async (url) => {
      expect(url).toBe(`${SITE}/version`);
      return Response.json({ sha: world.vendor.head });
    };
    const row = await accepted((await world.click()).deploymentId);
    expect(row).toMatchObject({
      status: 'succeeded',
      rendering: null,
      evidence: expect.not.objectContaining({ rendering: expect.anything() }),
    });
    expect(host.written).toBe(0);
  });
});

describe('a workflow whose input says the mode', () => {
  const INPUTS = 'level: {}, rendering: {type: choice, options: [ssr, ssg], default: ssr}';
  beforeEach(async () => {
    const { manifest, methods } = world.vendor.provider;
    manifest.capabilities.rendering = { modes: ['ssr', 'ssg'], writes: 'input', name: 'rendering' };
    delete methods.rendering;
    declareWorkflow(world, INPUTS, 'runs-anywhere');
  });

  test('fixed in the settings, it is asked for once, recorded, and only the other mode is refused', async () => {
    await fixInputs(world, 'staging', { rendering: 'ssr' });
    const plain = await world.row((await world.click()).deploymentId);
    expect(plain).toMatchObject({ rendering: 'ssr', inputs: { level: 'info' } });
    await world.look(plain.id);
    await expect(move('ssg')).rejects.toMatchObject({ code: 'rendering_fixed' });
    await world.database.db.update(targets).set({ rendering: null });
    const unknown = await world.row((await world.click({ sha: 'b'.repeat(40) })).deploymentId);
    expect(unknown).toMatchObject({ rendering: 'ssr', inputs: { level: 'info' } });
  });

  test('left open, it is filled in', async () => {
    const { inputs } = await world.row((await move('ssg')).deploymentId);
    expect(inputs).toEqual({ level: 'info', rendering: 'ssg' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { fakeProvider, openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { fakeSha, makeDeployment, makePin, makeTarget } from '@/lib/db/testing/factories';
import { type CapabilityMap, type Commit, type DeployForm, ProviderError } from '@/lib/providers/port';
import { composerStart } from './read-composer';
import { composerPlan } from './read-plan';
import { listCommits, searchRevisions } from './read-revisions';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

type Source = CapabilityMap['source']['methods'];

/** A straight line of commits, oldest first: main is at the last, tag v1 at the second. */
const line = [fakeSha(0xa1), fakeSha(0xa2), fakeSha(0xa3), fakeSha(0xa4)];
const at = (index: number) => line[index] ?? '';
const commitOf = (sha: string): Commit => ({
  sha,
  message: `Change ${line.indexOf(sha)}\n\nbody`,
  author: 'Ada',
  authoredAt: '2026-01-01T00:00:00Z',
  url: '',
  checks: sha === at(3) ? 'failure' : 'success',
});
const form: DeployForm = {
  fields: [],
  reserved: { marker: 'marker', sha: 'sha' },
  findable: true,
  source: { path: 'deploy.yml', sha: at(3), url: '' },
  warnings: [],
};

function between(base: string, head: string): Commit[] {
  return line
    .slice(line.indexOf(base) + 1, line.indexOf(head) + 1)
    .map(commitOf)
    .reverse();
}

const source: Source = {
  repositories: async () => [],
  refs: async (_c, _config, query) =>
    [
      { name: 'v1', kind: 'tag' as const, sha: at(1) },
      { name: 'feature', kind: 'branch' as const, sha: at(2) },
      { name: 'main', kind: 'branch' as const, sha: at(3) },
    ].filter((ref) => ref.name.includes(query)),
  commits: async () => [...line].reverse().map(commitOf),
  commit: async (_c, _config, sha) => {
    const found = line.find((each) => each.startsWith(sha));
    if (!found) throw new ProviderError('notFound', 'commit_not_found', 'There is no such commit.');
    return commitOf(found);
  },
  resolve: async (_c, _config, ref) => {
    if (ref !== 'main')
      throw new ProviderError(
        'notFound',
        'ref_not_found',
        `There is no branch or tag “${ref}” any more. Choose another.`,
      );
    return { ref, refKind: 'branch', sha: at(3) };
  },
  compare: async (_c, _config, base, head) => {
    const included = between(base, head);
    const leaving = between(head, base);
    return { included, leaving, totalIncluded: included.length, totalLeaving: leaving.length, url: '' };
  },
};

function provider(over: Partial<Source> = {}, readForm: () => Promise<DeployForm> = async () => form) {
  return fakeProvider(
    {
      capabilities: {
        source: { vcs: 'git' },
        workflows: { maxInputs: 25, maxPayloadCharacters: 65_535 },
        deploy: { idempotency: 'lookup' },
      },
    },
    { source: { ...source, ...over }, workflows: { list: async () => [], form: readForm } },
  );
}

const target = () => makeTarget(database.db);
const ctx = (given = provider()) => testContext(database.db, { provider: given });
const failing = (error: ProviderError) => () => Promise.reject(error);

describe('the start of a deployment', () => {
  it('has settings, what is live, what is on its way, the last inputs and a new key each time', async () => {
    const made = await target();
    const live = await makeDeployment(database.db, made, 'succeeded', { inputs: { region: 'eu' } });
    const moving = await makeDeployment(database.db, made, 'building', { inputs: { region: 'us' } });
    const start = await composerStart(ctx(), { targetId: made.id });
    expect(start.settings).toEqual({ repository: 'acme/app', workflow: 'deploy.yml', defaultRef: 'main' });
    expect(start.current?.id).toBe(live.id);
    expect(start.inFlight.map((each) => each.id)).toEqual([moving.id]);
    expect(start.lastInputs).toEqual({ region: 'us' });
    expect(start.gate).toEqual({ allowed: true, refusal: null });
    const again = await composerStart(ctx(), { targetId: made.id });
    expect(again.idempotencyKey).not.toBe(start.idempotencyKey);
  });

  it('of a target that may not be seen is not found', async () => {
    const made = await target();
    const stranger = testContext(database.db, { actor: personActor([]) });
    await expect(composerStart(stranger, { targetId: made.id })).rejects.toMatchObject({ kind: 'notFound' });
    await expect(composerPlan(stranger, { targetId: made.id, ref: 'main' })).rejects.toMatchObject({
      kind: 'notFound',
    });
    await expect(searchRevisions(stranger, { targetId: made.id, query: '' })).rejects.toMatchObject({
      kind: 'notFound',
    });
  });
});

describe('choosing a revision', () => {
  it('offers the default branch first, then branches, then tags', async () => {
    const made = await target();
    const found = await searchRevisions(ctx(), { targetId: made.id, query: '' });
    expect(found.map((each) => each.label)).toEqual(['main', 'feature', 'v1']);
  });

  it('finds commits by message and by the beginning of the id, also outside the first page', async () => {
    const made = await target();
    const byMessage = await searchRevisions(ctx(), { targetId: made.id, query: 'change 2' });
    expect(byMessage).toMatchObject([{ ref: 'main', sha: at(2), label: 'Change 2', checks: 'success' }]);
    const old = await searchRevisions(ctx(provider({ commits: async () => [] })), {
      targetId: made.id,
      query: at(0).slice(0, 8),
    });
    expect(old.map((each) => each.sha)).toEqual([at(0)]);
    expect(await searchRevisions(ctx(), { targetId: made.id, query: 'ffffffffff' })).toEqual([]);
  });

  it('hands the provider’s refusal on: there is nothing to choose from', async () => {
    const made = await target();
    const limited = new ProviderError('rateLimited', 'rate_limited', 'Too many requests.');
    await expect(
      searchRevisions(ctx(provider({ refs: failing(limited) })), { targetId: made.id, query: '' }),
    ).rejects.toBe(limited);
    expect(await listCommits(ctx(), { targetId: made.id, ref: 'main', page: 1 })).toHaveLength(4);
  });
});

describe('the plan', () => {
  it('says what a commit brings, what it leaves out and how its checks stand', async () => {
    const made = await target();
    await makeDeployment(database.db, made, 'succeeded', { sha: at(0) });
    const plan = await composerPlan(ctx(), { targetId: made.id, ref: 'main', sha: at(2) });
    expect(plan.comparison?.included.map((each) => each.sha)).toEqual([at(2), at(1)]);
    expect(plan.notIncluded.map((each) => each.sha)).toEqual([at(3)]);
    expect(plan.gate.allowed).toBe(true);
    expect(plan.warnings).toEqual(['main has 1 newer commit that will not be included.']);
    const newest = await composerPlan(ctx(), { targetId: made.id, ref: 'main' });
    expect(newest.revision.sha).toBe(at(3));
    expect(newest.warnings).toEqual(['Checks failed on this commit.']);
  });

  it('says what would be taken away', async () => {
    const made = await target();
    await makeDeployment(database.db, made, 'succeeded', { sha: at(2) });
    const plan = await composerPlan(ctx(), { targetId: made.id, ref: 'main', sha: at(1) });
    expect(plan.comparison?.leaving.map((each) => each.sha)).toEqual([at(2)]);
    expect(plan.warnings).toContain('1 commit that is live now will be taken away.');
  });

  it('has an empty comparison for what is live already, and none when nothing is', async () => {
    const made = await target();
    expect((await composerPlan(ctx(), { targetId: made.id, ref: 'main' })).comparison).toBeNull();
    await makeDeployment(database.db, made, 'succeeded', { sha: at(3) });
    expect((await composerPlan(ctx(), { targetId: made.id, ref: 'main' })).comparison).toMatchObject({
      totalIncluded: 0,
      totalLeaving: 0,
    });
  });

  it.each([
    ['a deleted workflow', 'workflow_not_found'],
    ['a workflow without workflow_dispatch', 'no_dispatch'],
    ['26 inputs', 'too_many_inputs'],
    ['a missing scope', 'missing_scope'],
    ['an expired token', 'bad_credentials'],
    ['the provider down', 'unavailable'],
  ])('turns %s into the reason of the disabled button and keeps the commits', async (_name, code) => {
    const made = await target();
    const refusing = provider({}, failing(new ProviderError('rejected', code, `Sentence of ${code}.`)));
    const plan = await composerPlan(ctx(refusing), { targetId: made.id, ref: 'main' });
    expect(plan.gate).toEqual({ allowed: false, refusal: { code, sentence: `Sentence of ${code}.` } });
    expect(plan.form).toBeNull();
    expect(plan.head?.sha).toBe(at(3));
  });

  it('says that a ref is unknown', async () => {
    const made = await target();
    const plan = await composerPlan(ctx(), { targetId: made.id, ref: 'gone' });
    expect(plan.gate.refusal?.code).toBe('ref_not_found');
    expect(plan).toMatchObject({ revision: { ref: 'gone', sha: '' }, head: null, form: null });
  });

  it('refuses a commit that is not on the ref, and an older one that the workflow cannot be given', async () => {
    const made = await target();
    const off = provider({
      compare: async (c, config, base, head) => ({ ...(await source.compare(c, config, base, head)), totalLeaving: 1 }),
    });
    expect((await composerPlan(ctx(off), { targetId: made.id, ref: 'main', sha: at(1) })).gate.refusal?.code).toBe(
      'commit_not_on_ref',
    );
    const blind = provider({}, async () => ({ ...form, reserved: { marker: null, sha: null } }));
    expect((await composerPlan(ctx(blind), { targetId: made.id, ref: 'main', sha: at(1) })).gate.refusal?.code).toBe(
      'commit_not_selectable',
    );
    expect((await composerPlan(ctx(blind), { targetId: made.id, ref: 'main', sha: at(3) })).gate.allowed).toBe(true);
  });

  it('says when another question is worth it: after a pause and an outage, and never for what stays as it is', async () => {
    const made = await target();
    const paused = new ProviderError('rateLimited', 'rate_limited', 'Later.', { retryAfterMs: 3_600 });
    const asks = async (error: ProviderError) => {
      const whole = await composerPlan(ctx(provider({ resolve: failing(error) })), { targetId: made.id, ref: 'main' });
      const part = await composerPlan(ctx(provider({}, failing(error))), { targetId: made.id, ref: 'main' });
      return [whole.askAgainSeconds, part.askAgainSeconds];
    };
    expect(await asks(paused)).toEqual([5, 5]);
    expect(await asks(new ProviderError('unavailable', 'down', 'Down.'))).toEqual([10, 10]);
    expect(await asks(new ProviderError('notFound', 'gone', 'Gone.'))).toEqual([null, null]);
    expect((await composerPlan(ctx(), { targetId: made.id, ref: 'main' })).askAgainSeconds).toBeNull();
  });

  it('names a hold before the provider’s trouble', async () => {
    const made = await target();
    await makePin(database.db, made);
    const down = provider({ resolve: failing(new ProviderError('unavailable', 'down', 'Down.')) });
    const plan = await composerPlan(ctx(down), { targetId: made.id, ref: 'main' });
    expect(plan.gate.refusal?.code).toBe('pinned_lock');
    expect(plan.warnings).toEqual(['Down.']);
  });

  it('stays deployable when only the comparison is refused', async () => {
    const made = await target();
    await makeDeployment(database.db, made, 'succeeded', { sha: fakeSha(0xdead) });
    const lost = provider({
      compare: failing(new ProviderError('notFound', 'no_base', 'The live commit is not in the repository any more.')),
    });
    const plan = await composerPlan(ctx(lost), { targetId: made.id, ref: 'main' });
    expect(plan.gate.allowed).toBe(true);
    expect(plan.comparison).toBeNull();
    expect(plan.warnings).toContain('What changes cannot be shown: The live commit is not in the repository any more.');
  });

  it('passes a bug on instead of showing it as a refusal', async () => {
    const made = await target();
    const broken = provider({ resolve: () => Promise.reject(new TypeError('undefined is not a function')) });
    await expect(composerPlan(ctx(broken), { targetId: made.id, ref: 'main' })).rejects.toBeInstanceOf(TypeError);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { deployments, freezes } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { fakeSha, makeComponent } from '@/lib/db/testing/factories';
import { readDeployment } from '@/lib/deployments/server/read-deployment';
import { listDeployments } from '@/lib/deployments/server/read-list';
import { readMatrix } from '@/lib/deployments/server/read-matrix';
import { readNow } from '@/lib/deployments/server/read-now';
import { nextWindow } from '@/lib/gates/model/windows';
import { manifest } from '@/lib/providers/github/manifest';
import { type DemoOptions, seedDemo } from './demo';
import { seedComponents, seedConfig } from './estate';
import { planPast, type SeedCommit } from './past';

const now = Date.UTC(2026, 5, 25, 12);
const scopes = ['backend: ', 'extension: ', 'dashboard: ', 'docs: ', ''];
const commits: SeedCommit[] = Array.from({ length: 45 }, (_, index) => ({
  sha: fakeSha(0x1000 + index),
  message: `${scopes[index % scopes.length]}change ${index}`,
  author: ['Mara', 'Tobias', 'Yuki', 'Inés', 'deps[bot]'][index % 5] ?? '',
  authoredAt: new Date(now - (45 - index) * 17 * 3600_000).toISOString(),
}));

let database: Database;
let loads = 0;
const options: DemoOptions = {
  providerId: 'fake',
  origin: 'https://api.fake.test',
  connectionName: 'Fake (sandbox)',
  sealCredential: (row, credential) => `sealed:${row.id}:${credential.kind}`,
  loadCommits: async () => {
    loads++;
    return commits;
  },
  now,
};

beforeEach(async () => {
  database = await openTestDatabase();
  loads = 0;
});
afterEach(() => database.close());

describe('the demo', () => {
  it('fills an empty installation once, however often and however concurrently it is asked', async () => {
    const results = await Promise.all([1, 2, 3].map(() => seedDemo(database.db, options)));
    const written = results.reduce((sum, each) => sum + each.deployments, 0);
    expect(written).toBeGreaterThanOrEqual(45);
    expect(written).toBeLessThanOrEqual(120);
    expect(await database.db.$count(deployments)).toBe(written);
    expect(results.filter((each) => each.estate)).toHaveLength(1);
    const before = loads;
    expect(await seedDemo(database.db, options)).toEqual({ estate: false, deployments: 0 });
    expect(loads).toBe(before);
  });

  it('plans a freeze that is in nobody’s way for weeks', async () => {
    await seedDemo(database.db, options);
    const [freeze] = await database.db.select().from(freezes);
    const next = nextWindow(freeze ?? expect.fail('no freeze'), now);
    expect(next?.from).toBeGreaterThan(now + 30 * 86_400_000);
  });

  it('leaves an installation alone that has components of its own', async () => {
    await makeComponent(database.db);
    await seedDemo(database.db, options);
    expect((await readMatrix(testContext(database.db))).rows).toHaveLength(1);
    expect(await database.db.$count(deployments)).toBe(0);
  });

  it('goes on where it was cut: the history is written by the next start', async () => {
    const cut = { ...options, loadCommits: () => Promise.reject(new Error('down')) };
    await expect(seedDemo(database.db, cut)).rejects.toThrow('down');
    expect((await seedDemo(database.db, options)).deployments).toBeGreaterThan(0);
  });

  it('has every target live, nothing on its way, and usual times from its history', async () => {
    await seedDemo(database.db, options);
    const ctx = testContext(database.db, { now: () => now });
    const matrix = await readMatrix(ctx);
    const cells = matrix.rows.flatMap((row) => Object.values(row.cells).flat());
    expect(cells).toHaveLength(9);
    expect(cells.filter((cell) => cell.current === null)).toEqual([]);
    const view = await readNow(ctx);
    expect(view.headline.tone).toBe('good');
    expect(view.inFlight).toEqual([]);
    const backend = await listDeployments(ctx, { component: 'backend', environment: 'staging' });
    const detail = await readDeployment(ctx, { deploymentId: backend.rows[0]?.id ?? '' });
    expect(detail.usual?.p50Ms).toBeGreaterThan(25_000);
    expect(detail.jobs.map((job) => job.name)).toEqual(['Test', 'Build image', 'Push image', 'Deploy']);
    expect(detail.timeline.at(-1)?.toStatus).toBe('succeeded');
  });

  it('numbers deployments in the order of their times, and shows a failed step where it failed', async () => {
    await seedDemo(database.db, options);
    const ctx = testContext(database.db, { now: () => now });
    const all = await listDeployments(ctx, { limit: 100 });
    const times = all.rows.map((row) => row.requestedAt);
    expect(times).toEqual([...times].sort().reverse());
    const failed = all.rows.find((row) => row.status === 'failed');
    expect(failed?.failure?.sentence).toMatch(/\.$/);
    const detail = await readDeployment(ctx, { deploymentId: failed?.id ?? '' });
    const steps = detail.jobs.flatMap((job) => job.steps);
    expect(steps.filter((step) => step.status === 'failed').map((step) => step.name)).toEqual([failed?.failure?.step]);
  });

  it('has settings that the provider accepts', () => {
    for (const component of seedComponents) {
      for (const environment of Object.keys(component.targets)) {
        expect(manifest.targetConfig.safeParse(seedConfig(component, environment)).success).toBe(true);
      }
    }
  });
});

describe('the past', () => {
  it('lies in three weeks before now, is the same each time, and never goes back to an older commit', () => {
    const past = planPast(commits, now);
    expect(past).toEqual(planPast(commits, now));
    expect(Math.min(...past.map((each) => each.at))).toBeGreaterThan(now - 23 * 24 * 3600_000);
    expect(Math.max(...past.map((each) => each.at))).toBeLessThan(now);
    const seen = new Map<string, number>();
    for (const each of past) {
      const key = `${each.component}/${each.environment}`;
      const written = Date.parse(each.commit.authoredAt);
      expect(each.at).toBeGreaterThan(written);
      expect(written).toBeGreaterThanOrEqual(seen.get(key) ?? 0);
      seen.set(key, written);
    }
    expect(new Set(past.map((each) => each.person)).size).toBe(4);
  });

  it('of a repository without commits is empty', () => {
    expect(planPast([], now)).toEqual([]);
  });
});

import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connections, targets } from '@/lib/db/schema';
import { WORKFLOW_ONLY } from '@/lib/providers/vs-marketplace/manifest';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { readPreflight } from './preflight';
import { requireTarget } from './rows';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());

const refused = { ok: false, account: '', scopes: [], problems: ['It was refused.'], expiresAt: null };
const ENDS = '2026-12-01T00:00:00.000Z';
const RETIRED = Date.parse(ENDS);
const BY_WORKFLOW = { workflowConnection: 'con_ci' };

test.each([
  ['that was entered anew', 'unchecked', null, {}, RETIRED],
  ['whose last check failed', 'failing', refused, {}, RETIRED],
  ['that is not there', 'ok', { ...refused, ok: true, account: WORKFLOW_ONLY }, {}, null],
  ['beside a workflow that publishes', 'unchecked', null, BY_WORKFLOW, null],
  ['whose end was told, beside such a workflow', 'ok', { ...refused, ok: true, expiresAt: ENDS }, BY_WORKFLOW, null],
] as const)(
  'a token for the Marketplace %s ends by the clock where it publishes',
  async (_, state, report, by, expiresAt) => {
    const { db } = world.database;
    await db.update(connections).set({ providerId: 'vs-marketplace', state, report });
    const config = { extension: 'acme.demo', channel: 'stable', ...by };
    await db.update(targets).set({ config }).where(eq(targets.id, 'tgt_staging'));
    const fact = await readPreflight(db, await requireTarget(db, 'tgt_staging'));
    expect(fact.expiresAt).toBe(expiresAt);
    expect(fact.wayOut ?? null).toEqual(expiresAt === null ? null : expect.stringContaining('workflow with Entra'));
  },
);

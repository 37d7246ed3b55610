import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { connections } from '@/lib/db/schema';
import { readVsix } from '@/lib/sandbox/vsix';
import { CI, type WorkflowWorld, workflowWorld } from '../testing/workflow-world';

/** What opens a target is the credential that is used there: where a workflow publishes, the one that starts it. */
let w: WorkflowWorld;
let minor = 0;

beforeAll(async () => {
  w = await workflowWorld(readVsix);
});
beforeEach(() => w.begin());
afterEach(async () => {
  await w.endAll();
  await set('con_1', USABLE);
  await set(CI, USABLE);
});
afterAll(() => w.engine.close());

const USABLE = { state: 'ok', report: null, sealedCredential: 'v1.sealed' } as const;
const REFUSED = { ok: false, account: '', scopes: [], problems: ['It was refused.'], expiresAt: null };

const set = (id: string, values: Partial<typeof connections.$inferInsert>) =>
  w.engine.database.db.update(connections).set(values).where(eq(connections.id, id));

const press = async () => w.click((await w.packaged(`1.${++minor}.0`)).packageId);

it('a token of the gallery that is not used any more shuts nothing, whatever its check said', async () => {
  await set('con_1', { state: 'failing', report: REFUSED });
  const { deploymentId } = await press();
  expect(await w.look(deploymentId)).toMatchObject({ status: 'building' });
});

it.each([
  ['does not work', { state: 'failing', report: REFUSED }, 'connection_failing', /“CI” does not work/],
  ['has no credential', { sealedCredential: null }, 'no_credential', /“CI” has no credential/],
  [
    'has a token that has ended',
    { report: { ...REFUSED, ok: true, expiresAt: '2026-01-01T00:00:00.000Z' } },
    'credential_ends',
    /credential of “CI” ended/,
  ],
] as const)(
  'it is refused at the press where the connection that starts the workflow %s',
  async (_, is, code, says) => {
    await set(CI, is);
    await expect(press()).rejects.toMatchObject({ code, sentence: expect.stringMatching(says) });
  },
);

it('waits in the queue for a token of that connection which ended meanwhile, and goes on with a new one', async () => {
  const { deploymentId } = await press();
  await set(CI, { report: { ...REFUSED, ok: true, expiresAt: '2026-01-01T00:00:00.000Z' } });
  const waits = { status: 'queued', waitingFor: expect.stringMatching(/credential of “CI” ended/) };
  expect(await w.look(deploymentId)).toMatchObject(waits);
  await set(CI, USABLE);
  expect(await w.look(deploymentId)).toMatchObject({ status: 'building' });
});

it('the gallery is read all the same, so its connection needs its credential', async () => {
  await set('con_1', { sealedCredential: null });
  await expect(press()).rejects.toMatchObject({ code: 'no_credential' });
});

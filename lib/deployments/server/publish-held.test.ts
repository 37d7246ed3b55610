import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { listOwnTokens } from '@/lib/connections/server';
import { deployments, personalCredentials } from '@/lib/db/schema';
import { provider as github } from '@/lib/providers/github/adapter';
import type { AnyProvider, GateReview, TargetConfig } from '@/lib/providers/port';
import { readVsix } from '@/lib/sandbox/vsix';
import { CI, type WorkflowWorld, workflowWorld } from '../testing/workflow-world';
import { answerGate } from './answer-gate';
import { readRemoteGate } from './read-remote-gate';

/** The run that publishes waits where it runs, for people who answer there with tokens of theirs. */
let w: WorkflowWorld;
let minor = 0;

beforeAll(async () => {
  w = await workflowWorld(readVsix);
});
beforeEach(() => w.begin());
afterEach(async () => {
  await w.engine.database.db.delete(personalCredentials);
  await w.endAll();
});
afterAll(() => w.engine.close());

const REVIEWER = { kind: 'person', name: 'yukihara', url: '' } as const;
const GATE = { id: '11', environment: 'marketplace', url: '', reviewers: [REVIEWER], waitMinutes: 0, timerSince: null };

async function held(): Promise<string> {
  const { deploymentId } = await w.click((await w.packaged(`1.${++minor}.0`)).packageId);
  expect(await w.look(deploymentId)).toMatchObject({ status: 'building' });
  const set = { heldSince: new Date(), heldBy: [GATE] };
  await w.engine.database.db.update(deployments).set(set).where(eq(deployments.id, deploymentId));
  return deploymentId;
}

async function enterToken(): Promise<void> {
  const token = { userId: 'user_admin', connectionId: CI, sealedCredential: 'v1.sealed', login: 'yukihara' };
  await w.engine.database.db.insert(personalCredentials).values(token);
}

/** GitHub as the person sees it who stored a token there. */
function asReviewer(asked: { connection: string; config: TargetConfig }[], sent: GateReview[]): ServiceContext {
  const ctx = w.through(w.engine.as('approver', 'admin'));
  return {
    ...ctx,
    openOwn: async (connection) => {
      const gates: NonNullable<AnyProvider['methods']['gates']> = {
        waiting: async (_, config) => {
          asked.push({ connection, config });
          return [{ ...GATE, mayAnswer: true }];
        },
        answers: async () => [],
        answer: async (_, _config, _ref, review) => void sent.push(review),
      };
      const { context } = await ctx.openConnection(CI);
      return { provider: { ...github, methods: { ...github.methods, gates } }, context };
    },
  };
}

describe('a run that publishes, and that its CI holds for people', () => {
  it('is shown with whom it waits for, and whose token is missing where', async () => {
    const deploymentId = await held();
    const ctx = w.through(w.engine.as('approver', 'admin'));
    const { held: shown } = await readRemoteGate(ctx, { deploymentId });
    expect(shown).toMatchObject({ providerLabel: github.manifest.label, gates: [GATE], own: null });
    expect(shown?.refusal).toMatchObject({ code: 'own_token_missing', sentence: expect.stringContaining('“CI”') });
    await enterToken();
    const own = { login: 'yukihara', problem: null };
    expect(await readRemoteGate(ctx, { deploymentId })).toMatchObject({ held: { own, refusal: null } });
  });

  it('is answered at the connection of its run, with the settings that the run was started with', async () => {
    const deploymentId = await held();
    await enterToken();
    const asked: { connection: string; config: TargetConfig }[] = [];
    const sent: GateReview[] = [];
    const answer = { deploymentId, gateIds: ['11'], decision: 'approved' as const };
    expect(await answerGate(asReviewer(asked, sent), answer)).toMatchObject({ login: 'yukihara', already: false });
    const config = expect.objectContaining({ repository: 'acme/app', workflow: 'publish.yml' });
    expect(asked).toEqual([{ connection: CI, config }]);
    expect(sent).toHaveLength(1);
  });

  it('is a reason to store a token for that connection, though no target is bound to it', async () => {
    const tokens = await listOwnTokens(w.engine.as('approver', 'admin'));
    expect(tokens.map(({ connection }) => connection.id)).toContain(CI);
  });
});

import type { OpenConnection, ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { asPerson, findOwnToken, markOwnTokenRefused, requireSelf } from '@/lib/connections/server';
import { type AnswerGateInput, answerGateInput } from '@/lib/gates/model/answer-gate';
import { type GateAnswered, sameLogin } from '@/lib/gates/model/remote-gate';
import { holdEnvironment } from '@/lib/gates/server/locking';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { capability, ProviderError, type RemoteRef, type WaitingGate } from '@/lib/providers/port';
import { recordAnswer, recordAsked, sentBefore } from './answer-gate-record';
import { whyNotOwn, whyNotThere } from './approve-there';
import { sendingEnds, sendingUntil } from './claim';
import { type DeploymentRow, lockDeployment, lockTarget, requireDeployment, slugOf } from './rows';
import { startedBy } from './starter';

interface Asking {
  row: DeploymentRow;
  open: OpenConnection;
  /** The settings that its run was started with. */
  config: DeploymentRow['config'];
  ref: RemoteRef;
  own: Awaited<ReturnType<typeof findOwnToken>>;
  login: string;
  personId: string;
  environments: string[];
  input: ReturnType<typeof answerGateInput.parse>;
}

/**
 * Answers gates at which the provider holds the run, as the person who asks and by their own token. One request is sent,
 * and only while the provider says that it waits for exactly these; what may have been taken is looked up, never repeated.
 * Throws `ServiceError`: `own_token_*`, `not_held`, `run_gone`, `gate_answered`, `not_reviewer`, `own_run`, `gate_unclear`;
 * who approves also `own_request` and what holds here: a lock, a freeze or the pin of a roll-back.
 */
export async function answerGate(ctx: ServiceContext, raw: AnswerGateInput): Promise<GateAnswered> {
  const parsed = answerGateInput.parse(raw);
  const input = { ...parsed, gateIds: [...new Set(parsed.gateIds)].sort() };
  const row = await requireDeployment(ctx.db, input.deploymentId);
  requirePermission(ctx.actor, 'gate.answer', (await slugOf(ctx.db, row)) ?? '');
  const person = requireSelf(ctx.actor);
  if (row.remoteId === null || !mayBeHeld(row)) throw notHeld();
  // Before it is opened: what is entered between the two is not blamed for what the former one was told.
  const { connectionId, config } = startedBy(row);
  const own = await findOwnToken(ctx.db, person.id, connectionId);
  const open = await asPerson(ctx, connectionId);
  const login = own?.login ?? '';
  const ref = { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
  const names = (row.heldBy ?? []).filter(({ id }) => input.gateIds.includes(id)).map((gate) => gate.environment);
  const asking: Asking = { row, open, config, ref, own, login, personId: person.id, environments: names, input };
  return await asTheirs(ctx, asking, () => answerOnce(ctx, asking));
}

async function answerOnce(ctx: ServiceContext, asking: Asking): Promise<GateAnswered> {
  const { open, config, ref, input } = asking;
  const gates = capability(open.provider, 'gates');
  const waiting = await gates.waiting(open.context, config, ref);
  const wanted = waiting.filter(({ id }) => input.gateIds.includes(id));
  const closed = wanted.length < input.gateIds.length || wanted.some(({ mayAnswer }) => !mayAnswer);
  const adopted = closed ? await adopt(ctx, asking) : null;
  if (adopted) return adopted;
  if (wanted.length < input.gateIds.length) throw await answeredAlready(asking);
  for (const gate of wanted) requireReviewer(gate, asking);
  const told = { ...asking, environments: wanted.map(({ environment }) => environment) };
  if (input.decision === 'approved') await requireOfOthers(ctx, told);
  const before = await theirs(told);
  const sendBy = sendingEnds();
  await begin(ctx, told, before);
  try {
    const fetch = sendingUntil({ sendBy }, open.context.fetch);
    await gates.answer({ ...open.context, fetch }, config, ref, input);
  } catch (error) {
    if (!(error instanceof ProviderError) || !error.ambiguous) throw error;
    return lookUp(ctx, told, error, before);
  }
  return recordAnswer(ctx, told, false);
}

/** The intent; a yes with the last word of what holds here, in one commit: after a freeze has committed none begins. */
async function begin(ctx: ServiceContext, told: Asking, before: number): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    if (told.input.decision === 'approved') await requireStill(tx, told);
    await recordAsked(tx, ctx, told, before);
  });
}

/** Under the locks of a claim, in their order: it is the run that was asked about, not called off since, and nothing holds it. */
async function requireStill(tx: Tx, { row, personId }: Asking): Promise<void> {
  await holdEnvironment(tx, row.environmentId);
  await lockTarget(tx, row.targetId);
  const fresh = await lockDeployment(tx, row.id);
  const same = fresh?.remoteId === row.remoteId && fresh.remoteAttempt === row.remoteAttempt;
  if (!fresh || !same || !mayBeHeld(fresh)) throw notHeld();
  const refusal = await whyNotThere(tx, fresh, personId);
  if (refusal) throw notTheirs(refusal);
}

async function requireOfOthers(ctx: ServiceContext, asking: Asking): Promise<void> {
  const { row, config, environments, personId } = asking;
  const { connectionId } = startedBy(row);
  const refusal = await whyNotOwn(ctx, connectionId, { ...row, config }, environments, personId);
  if (refusal) throw notTheirs(refusal);
}

/** What an earlier press sent and the provider has: only as the newest word about these gates. */
async function adopt(ctx: ServiceContext, asking: Asking): Promise<GateAnswered | null> {
  const sent = await sentBefore(ctx, asking);
  if (!sent || (await theirs(asking)) <= sent.before) return null;
  const { environments, input, login } = asking;
  const newest = await newestAnswer(asking);
  if (!newest || !sameLogin(newest.by, login) || newest.decision !== input.decision) return null;
  if (sent.recorded) return { decision: input.decision, environments, login, already: true };
  return recordAnswer(ctx, asking, true);
}

/** An answer without a reply: what the provider has written down decides. Nothing is sent again. */
async function lookUp(ctx: ServiceContext, asking: Asking, lost: ProviderError, before: number): Promise<GateAnswered> {
  const now = await theirs(asking).catch(() => before);
  if (now > before) return recordAnswer(ctx, asking, false);
  throw new ServiceError(
    'unavailable',
    'gate_unclear',
    `It is not known whether the provider took your answer. ${lost.message} Look again in a moment; pressing once more looks it up first, and sends nothing that stands there already.`,
  );
}

/** Somebody was faster, or the provider went on for another reason. */
async function answeredAlready(asking: Asking): Promise<ServiceError> {
  const other = await newestAnswer(asking);
  const said = other
    ? `${other.by} has ${other.decision} it there already`
    : 'The provider does not hold the run for it any more';
  return new ServiceError('conflict', 'gate_answered', `${said}. Reload to see how the run went on.`);
}

async function newestAnswer({ open, config, ref, environments }: Asking) {
  const answers = await capability(open.provider, 'gates').answers(open.context, config, ref);
  return answers.findLast((each) => each.environments.some((name) => environments.includes(name)));
}

/** How often the person has said the same there, in this and earlier attempts of the run. */
async function theirs({ open, config, ref, login, environments, input }: Asking): Promise<number> {
  const answers = await capability(open.provider, 'gates').answers(open.context, config, ref);
  const mine = answers.filter((each) => sameLogin(each.by, login) && each.decision === input.decision);
  return mine.filter((each) => each.environments.some((name) => environments.includes(name))).length;
}

function requireReviewer(gate: WaitingGate, { login, open }: Asking): void {
  if (gate.mayAnswer) return;
  const { label } = open.provider.manifest;
  const names = gate.reviewers.map(({ name }) => name);
  if (names.length === 0)
    throw refused('nobody_asked', `${label} asks no person for “${gate.environment}”: it goes on by itself.`);
  if (gate.reviewers.some(({ kind, name }) => kind === 'person' && sameLogin(name, login)))
    throw refused(
      'own_run',
      `${label} lists ${login} for “${gate.environment}”, but lets nobody answer for a run that they started themselves. Ask another reviewer.`,
    );
  throw refused(
    'not_reviewer',
    `${label} asks ${names.join(' or ')} for “${gate.environment}”; ${login} may not answer, or started the run. Ask one of them.`,
  );
}

/** What the provider refuses about the person's own token or run, in words about those and not about the connection. */
async function asTheirs<T>(ctx: ServiceContext, { row, open, own }: Asking, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { label } = open.provider.manifest;
    if (error.code === 'credential_refused') {
      await markOwnTokenRefused(ctx.db, own);
      throw refused(
        'own_token_refused',
        `${label} refuses your own token: it has expired or was revoked. Enter a new one under Members → Your tokens.`,
      );
    }
    if (error.kind === 'auth')
      throw refused(
        'own_token_lacks',
        `${label} does not let your own token do this. It needs: ${open.provider.manifest.capabilities.gates?.token.needs ?? 'more rights'}. Enter one that has it under Members → Your tokens.`,
      );
    if (error.kind === 'notFound')
      throw refused(
        'run_gone',
        `${label} shows no run ${row.remoteId} to your own token. It may be gone, or your account cannot see the repository.`,
      );
    throw error;
  }
}

/** Before its run has started and after it was called off, nobody answers for it. */
function mayBeHeld({ status }: Pick<DeploymentRow, 'status'>): boolean {
  return status === 'building' || status === 'deploying';
}

function notHeld(): ServiceError {
  return refused('not_held', 'The provider does not hold this run (any more). Reload to see how it went on.');
}

function notTheirs({ code, sentence }: Refusal): ServiceError {
  return code === 'own_request' ? new ServiceError('forbidden', code, sentence) : refused(code, sentence);
}

function refused(code: string, sentence: string): ServiceError {
  return new ServiceError('precondition', code, sentence);
}

export type { Asking };

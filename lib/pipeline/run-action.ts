import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import { type Actor, personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import type { ActionResult, ProofWay } from '@/lib/kernel/result';
import { traced } from '@/lib/kernel/trace';
import type { TokenScope } from '@/lib/members/model/token-scope';
import { authorizeInstance, authorizeType, type Requirement } from './authorize';
import { assertSameOrigin } from './origin';
import { parseInput } from './parse-input';
import { perMinute, requireToken, returnToken, takeToken } from './rate-limit';
import { type Answer, answerTo, isFrameworkSignal } from './refusal';
import type { RequestFacts } from './request';
import { missingProof, type Risk, stepUpRequired } from './step-up';

export interface AuditedResource {
  kind: string;
  id: string | null;
}

export interface ActionDefinition<S extends z.ZodType, O> {
  /** `thing.verb`; also the action in the audit log. */
  name: string;
  permission: Requirement;
  /** For `signedIn`: the scope that a token needs. Left out, no token may, whoever's it is. */
  tokenScope?: TokenScope | 'any';
  /** A `z.strictObject`: unknown keys are refused. */
  input: S;
  /** Slug of the environment that the thing lives in; null = all. Throws `ServiceError` notFound for an unknown thing. */
  environmentOf?(ctx: ServiceContext, input: z.output<S>): Promise<string | null>;
  /** What the audit log says it was about. */
  resourceOf(input: z.output<S>, ctx: ServiceContext): AuditedResource | Promise<AuditedResource>;
  /** Per person (per address when signed out); 60 a minute when left out. Actions that name the same `of` share it. */
  rate?: ({ perMinute: number } | { perHour: number }) & { of?: string };
  /**
   * What everybody together may do with one thing, asked once all is permitted: `of` names it (a connection, say; null =
   * no limit), once for each time that it is used; `what` stands in the refusal. What is refused or repeated is given back.
   */
  sharedRate?: {
    perMinute: number;
    what: string;
    of(ctx: ServiceContext, input: z.output<S>): Promise<string | null | readonly string[]>;
  };
  /** True for an answer that did nothing new, such as the repeat of a press whose answer was lost: it is not counted. */
  uncounted?(value: O): boolean;
  /** True for an answer that refuses: everybody's share is given back, and it counts for the person, as what is thrown does. */
  startsNothing?(value: O): boolean;
  /** A risky change asks for a fresh proof of who it is, see step-up.ts. */
  risk?: Risk<z.output<S>>;
  /** Does it in one transaction that holds the audit line and the event. Refusals are audited here, not there. */
  run(ctx: ServiceContext, input: z.output<S>): Promise<O>;
}

/** What the pipeline needs from the outside; Next and the composition root in production, literals in tests. */
export interface ActionHost {
  facts: RequestFacts;
  ownOrigin: string;
  /** Throws for a request that may have been sent by another site; `assertSameOrigin` when left out. */
  admit?(facts: RequestFacts, ownOrigin: string): void;
  resolveActor(): Promise<Actor>;
  contextFor(actor: Actor, requestId: string): Promise<ServiceContext>;
  /** For an edge that reads the input only once the caller may ask at all; `raw` is left aside then. Throws `ServiceError`. */
  readInput?(actor: Actor): Promise<unknown>;
  /** Asked when all is permitted. An answer: this very request was done before, so `run` is left out. */
  repeatOf?(ctx: ServiceContext): Promise<{ value: unknown } | null>;
}

interface Progress {
  actor: Actor;
  resource: AuditedResource;
  environment: string | null;
  /** Set when the person has to prove who they are first. */
  stepUp: ProofWay | null;
}

/** The bucket of an action, or of several that share it; `who` is `user:` and an id. */
export const rateKey = (of: string, who: string) => `action:${of}:${who}`;

function bucketOf(definition: ActionDefinition<z.ZodType, unknown>, actor: Actor) {
  const person = personId(actor);
  const who = person ? `user:${person}` : `ip:${actor.kind === 'anonymous' ? (actor.ip ?? 'unknown') : actor.name}`;
  const { rate = { perMinute: 60 } } = definition;
  const rule = 'perHour' in rate ? { capacity: rate.perHour, perMs: 3_600_000 } : perMinute(rate.perMinute);
  return { key: rateKey(rate.of ?? definition.name, who), rule };
}

/** Takes everybody's tokens, one for each thing that is named, or none and refuses; the answer gives them back. */
async function takeShared<S extends z.ZodType, O>(
  ctx: ServiceContext,
  { sharedRate }: ActionDefinition<S, O>,
  input: z.output<S>,
): Promise<() => Promise<void>> {
  if (!sharedRate) return async () => {};
  const rule = perMinute(sharedRate.perMinute);
  const taken: string[] = [];
  const giveBack = async () => {
    for (const key of taken) await returnToken(ctx.db, key, rule);
  };
  try {
    for (const owner of [await sharedRate.of(ctx, input)].flat()) {
      if (owner === null) continue;
      const key = `shared:${sharedRate.what}:${owner}`;
      await requireToken(ctx.db, key, rule, `There were ${sharedRate.perMinute} ${sharedRate.what} within a minute.`);
      taken.push(key);
    }
  } catch (error) {
    await giveBack();
    throw error;
  }
  return giveBack;
}

async function takeTokens(ctx: ServiceContext, definition: ActionDefinition<z.ZodType, unknown>): Promise<void> {
  const { actor } = ctx;
  const { key, rule } = bucketOf(definition, actor);
  await requireToken(ctx.db, key, rule);
  if ((actor.kind === 'user' || actor.kind === 'token') && actor.ip)
    await requireToken(ctx.db, `action:ip:${actor.ip}`, perMinute(300));
}

async function uncount(ctx: ServiceContext, definition: ActionDefinition<z.ZodType, unknown>): Promise<void> {
  const { key, rule } = bucketOf(definition, ctx.actor);
  await returnToken(ctx.db, key, rule);
}

async function advance<S extends z.ZodType, O>(
  definition: ActionDefinition<S, O>,
  raw: unknown,
  host: ActionHost,
  progress: Progress,
): Promise<O> {
  (host.admit ?? assertSameOrigin)(host.facts, host.ownOrigin);
  progress.actor = await host.resolveActor();
  const ctx = await host.contextFor(progress.actor, host.facts.requestId);
  const any = definition as unknown as ActionDefinition<z.ZodType, unknown>;
  await takeTokens(ctx, any);
  authorizeType(progress.actor, definition.permission, definition.tokenScope);
  const input = parseInput(definition.input, host.readInput ? await host.readInput(progress.actor) : raw);
  progress.resource = await definition.resourceOf(input, ctx);
  if (definition.environmentOf) {
    progress.environment = await definition.environmentOf(ctx, input);
    authorizeInstance(progress.actor, definition.permission, progress.environment);
  }
  progress.stepUp = await missingProof(ctx, definition.risk, input);
  if (progress.stepUp) throw stepUpRequired(progress.stepUp);
  const repeat = await host.repeatOf?.(ctx);
  const giveBack = repeat ? async () => {} : await takeShared(ctx, definition, input);
  const run = async () => definition.run(ctx, input);
  // What was refused started nothing: it takes nobody's place.
  const value = repeat
    ? (repeat.value as O)
    : await run().catch(async (error) => {
        await giveBack();
        if (error instanceof ServiceError && error.uncounted) await uncount(ctx, any);
        throw error;
      });
  const isRepeat = repeat || definition.uncounted?.(value);
  if (isRepeat) await uncount(ctx, any);
  if (isRepeat || definition.startsNothing?.(value)) await giveBack();
  return value;
}

/**
 * Anybody can be refused; how much is written into the audit log this way is bounded: for strangers all together, and for
 * a person where it is too fast already, because everything else waits for the chain meanwhile.
 */
const NOTED = { strangers: perMinute(300), tooFast: perMinute(120) };

async function isNoted({ db, actor }: ServiceContext, code: string): Promise<boolean> {
  if (actor.kind === 'anonymous') return (await takeToken(db, 'audit:anonymous', NOTED.strangers)).allowed;
  if (code !== 'rate_limited') return true;
  return (await takeToken(db, `audit:too-fast:${personId(actor) ?? actor.kind}`, NOTED.tooFast)).allowed;
}

async function recordRefusal(name: string, host: ActionHost, progress: Progress, error: unknown) {
  const { requestId } = host.facts;
  const answer = answerTo(error, requestId);
  if (answer.unexpected) log.error('action failed', { requestId, action: name, ...describeError(error) });
  try {
    const ctx = await host.contextFor(progress.actor, requestId);
    if (!(await isNoted(ctx, answer.refusal.code))) {
      log.warn('a refusal was left out of the audit log', { requestId, action: name, code: answer.refusal.code });
      return answer;
    }
    await emitAudit(ctx.db, ctx, {
      action: name,
      resource: progress.resource,
      environment: progress.environment,
      outcome: answer.outcome,
      code: answer.refusal.code,
      sentence: answer.refusal.sentence,
      data: answer.fields ? { fields: Object.keys(answer.fields) } : {},
    });
  } catch (auditError) {
    log.error('a refusal could not be audited', {
      requestId,
      action: name,
      code: answer.refusal.code,
      ...describeError(auditError),
    });
  }
  return answer;
}

/** What became of it, with everything that an edge may want to say about a refusal. */
export type Performed<O> = { ok: true; value: O } | { ok: false; answer: Answer; stepUp: ProofWay | null };

/** Origin → caller → rate → authorize on type → parse → load environment → authorize on instance → proof → repeat or run. */
export async function performAction<S extends z.ZodType, O>(
  definition: ActionDefinition<S, O>,
  raw: unknown,
  host: ActionHost,
): Promise<Performed<O>> {
  const progress: Progress = {
    actor: { kind: 'anonymous', name: 'anonymous', ip: host.facts.ip },
    resource: { kind: definition.name.split('.')[0] ?? definition.name, id: null },
    environment: null,
    stepUp: null,
  };
  try {
    const attributes = { 'aetherstack.request_id': host.facts.requestId };
    const of = { name: definition.name, kind: 'server', attributes } as const;
    return { ok: true, value: await traced(of, () => advance(definition, raw, host, progress)) };
  } catch (error) {
    if (isFrameworkSignal(error)) throw error;
    const answer = await recordRefusal(definition.name, host, progress, error);
    return { ok: false, answer, stepUp: progress.stepUp };
  }
}

/** The same as a Server Action answers it. */
export async function runAction<S extends z.ZodType, O>(
  definition: ActionDefinition<S, O>,
  raw: unknown,
  host: ActionHost,
): Promise<ActionResult<O>> {
  const done = await performAction(definition, raw, host);
  if (done.ok) return done;
  const { answer, stepUp } = done;
  return { ok: false, refusal: answer.refusal, fields: answer.fields, ...(stepUp ? { stepUp } : {}) };
}

import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import type { Permission } from '@/lib/members/model/role';
import type { TokenScope } from '@/lib/members/model/token-scope';
import { authorizeInstance, authorizeType, type Requirement } from './authorize';
import { parseInput } from './parse-input';
import { perMinute, requireToken, takeToken } from './rate-limit';

export interface QueryDefinition<S extends z.ZodType, O> {
  /** `thing.verb`, e.g. `deployment.list`. */
  name: string;
  permission: Requirement;
  /** See `ActionDefinition.tokenScope`. */
  tokenScope?: TokenScope | 'any';
  input: S;
  /** See `ActionDefinition.environmentOf`. A list leaves it out and filters its rows by the caller's grants. */
  environmentOf?(ctx: ServiceContext, input: z.output<S>): Promise<string | null>;
  /** Only for reads that cost a provider call; plain reads are not counted. */
  rate?: { perMinute: number };
  /** What somebody with this permission reads on the way to a press: it never gives way to what the quota is kept for. */
  leadsTo?: Permission;
  run(ctx: ServiceContext, input: z.output<S>): Promise<O>;
}

/** Reads are not counted; what one person is refused of them fills the audit log no faster than this. */
const NOTED = perMinute(60);

async function auditForbidden(ctx: ServiceContext, name: string, error: ServiceError): Promise<void> {
  try {
    const noted = await takeToken(ctx.db, `audit:forbidden:${personId(ctx.actor) ?? ctx.actor.kind}`, NOTED);
    if (!noted.allowed) {
      log.warn('a refusal was left out of the audit log', { requestId: ctx.requestId, action: name, code: error.code });
      return;
    }
    const resource = { kind: name.split('.')[0] ?? name, id: null };
    await emitAudit(ctx.db, ctx, {
      action: name,
      resource,
      outcome: 'refused',
      code: error.code,
      sentence: error.sentence,
    });
  } catch (auditError) {
    log.error('a refusal could not be audited', {
      requestId: ctx.requestId,
      action: name,
      ...describeError(auditError),
    });
  }
}

/** A query only looks: what it asks a provider leaves the rest of a short quota to deployments. */
function looking(ctx: ServiceContext): ServiceContext {
  return { ...ctx, openConnection: (id, consumer) => ctx.openConnection(id, consumer, 'look') };
}

/** Authorize on type → parse → load environment → authorize on instance → read. Throws `ServiceError`/`ProviderError`. */
export async function runQuery<S extends z.ZodType, O>(
  definition: QueryDefinition<S, O>,
  raw: unknown,
  ctx: ServiceContext,
): Promise<O> {
  try {
    authorizeType(ctx.actor, definition.permission, definition.tokenScope);
    const person = personId(ctx.actor);
    if (definition.rate && person)
      await requireToken(ctx.db, `query:${definition.name}:user:${person}`, perMinute(definition.rate.perMinute));
    const input = parseInput(definition.input, raw);
    if (definition.environmentOf)
      authorizeInstance(ctx.actor, definition.permission, await definition.environmentOf(ctx, input));
    const pressing = definition.leadsTo !== undefined && isPermitted(ctx.actor, definition.leadsTo, null);
    return await definition.run(pressing ? ctx : looking(ctx), input);
  } catch (error) {
    // A tab left open after sign-out polls on; only a person who asks for what is not theirs is worth a line.
    if (error instanceof ServiceError && error.kind === 'forbidden') await auditForbidden(ctx, definition.name, error);
    throw error;
  }
}

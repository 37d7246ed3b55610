import { and, eq, gt, isNull, ne, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { DbOrTx } from '@/lib/db/client';
import { isUniqueViolation } from '@/lib/db/errors';
import { LOCKS } from '@/lib/db/locks';
import { grants, invitations, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import type { completeSetupInput } from '@/lib/members/model/schemas';
import { publish } from '@/lib/realtime/publish';
import type { ServiceContext } from './context';
import { hashOneTimeToken } from './one-time-token';
import { hashPassword } from './password';

const TOKEN_DAYS = 7;

/** True while nobody could administer this installation. */
export async function setupNeeded(db: DbOrTx): Promise<boolean> {
  const found = await db.execute(sql`
    select 1 from ${grants} g join ${users} u on u.id = g.user_id
    where g.role = 'admin' and g.environment_pattern = '*' and u.disabled_at is null limit 1`);
  return found.rows.length === 0;
}

/** At every start while set-up is needed: keeps the token's hash for 7 more days and drops every other token. */
export async function storeSetupToken(db: DbOrTx, token: string | undefined): Promise<void> {
  if (token === undefined || !(await setupNeeded(db))) return;
  const tokenHash = hashOneTimeToken(token);
  const expiresAt = sql`now() + make_interval(days => ${TOKEN_DAYS})`;
  await db
    .delete(invitations)
    .where(
      and(eq(invitations.purpose, 'first_admin'), isNull(invitations.usedAt), ne(invitations.tokenHash, tokenHash)),
    );
  await db
    .insert(invitations)
    .values({ tokenHash, purpose: 'first_admin', expiresAt })
    .onConflictDoUpdate({ target: invitations.tokenHash, set: { expiresAt }, setWhere: isNull(invitations.usedAt) });
}

const usable = (token: string) =>
  and(
    eq(invitations.tokenHash, hashOneTimeToken(token)),
    eq(invitations.purpose, 'first_admin'),
    isNull(invitations.usedAt),
    gt(invitations.expiresAt, sql`now()`),
  );

const setupTokenRefused = () =>
  new ServiceError(
    'forbidden',
    'setup_token',
    'This set-up link is not valid (any more). Start the server again and open the link that it prints.',
  );

async function requireSetupNeeded(db: DbOrTx): Promise<void> {
  if (!(await setupNeeded(db))) {
    throw new ServiceError(
      'conflict',
      'setup_done',
      'This installation already has an administrator. Sign in instead.',
    );
  }
}

/** A stranger without a link must not make this machine hash passwords. Decides nothing: `claimToken` does. */
async function requireToken(db: DbOrTx, token: string): Promise<void> {
  await requireSetupNeeded(db);
  const found = await db.select({ hash: invitations.tokenHash }).from(invitations).where(usable(token));
  if (found.length === 0) throw setupTokenRefused();
}

async function claimToken(tx: DbOrTx, token: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCKS.setup})`);
  await requireSetupNeeded(tx);
  const claimed = await tx
    .update(invitations)
    .set({ usedAt: sql`now()` })
    .where(usable(token))
    .returning({ tokenHash: invitations.tokenHash });
  if (claimed.length === 0) throw setupTokenRefused();
}

/** Makes the first administrator, once. Two people who press at the same moment: one wins, the other is told so. */
export async function completeSetup(
  ctx: ServiceContext,
  input: z.output<typeof completeSetupInput>,
): Promise<{ userId: string; name: string }> {
  await requireToken(ctx.db, input.token);
  const passwordHash = await hashPassword(input.password);
  const userId = newId('usr');
  try {
    await ctx.db.transaction(async (tx) => {
      await claimToken(tx, input.token);
      await tx.insert(users).values({ id: userId, login: input.login, name: input.name, passwordHash });
      await tx.insert(grants).values({ id: newId('grt'), userId, role: 'admin', environmentPattern: '*' });
      await emitAudit(tx, ctx, {
        action: 'member.setup',
        resource: { kind: 'member', id: userId },
        outcome: 'done',
        sentence: `${input.name} became the first administrator.`,
        data: { login: input.login },
      });
      await publish(tx, { topic: 'member', kind: 'member.setup', actorName: input.name, data: { userId } });
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'users_login_key')) throw error;
    throw new ServiceError('conflict', 'login_taken', 'Somebody has this login already. Choose another.', {
      login: 'Choose another login.',
    });
  }
  return { userId, name: input.name };
}

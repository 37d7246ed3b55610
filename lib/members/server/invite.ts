import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { hashOneTimeToken, newOneTimeToken } from '@/lib/auth/one-time-token';
import { hashPassword } from '@/lib/auth/password';
import { requirePermission } from '@/lib/auth/require';
import { revokeAllSessions } from '@/lib/auth/sessions';
import { isUniqueViolation } from '@/lib/db/errors';
import { invitations, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { revokeAllTokens } from '@/lib/tokens/server';
import { passwordProblem } from '../model/password-rules';
import type { acceptInvitationInput, inviteMemberInput, memberRef } from '../model/schemas';
import type { InvitationView } from '../model/view';
import { lockMember } from './administrators';
import { grantsInWords, insertGrants } from './grants';
import { record } from './record';

const LINK_DAYS = 7;

/** One live link a person: a new one ends the one before. */
async function issueLink(
  tx: Tx,
  user: { id: string; login: string },
  purpose: 'invite' | 'reset',
): Promise<InvitationView> {
  await tx.delete(invitations).where(and(eq(invitations.userId, user.id), isNull(invitations.usedAt)));
  const token = newOneTimeToken();
  const [row] = await tx
    .insert(invitations)
    .values({
      tokenHash: hashOneTimeToken(token),
      userId: user.id,
      purpose,
      expiresAt: sql`now() + make_interval(days => ${LINK_DAYS})`,
    })
    .returning({ expiresAt: invitations.expiresAt });
  return { userId: user.id, login: user.login, token, expiresAt: (row?.expiresAt ?? new Date()).toISOString() };
}

/** Makes a member who cannot sign in yet, and a one-time link that lets them. The token is shown once. */
export async function inviteMember(
  ctx: ServiceContext,
  input: z.output<typeof inviteMemberInput>,
): Promise<InvitationView> {
  requirePermission(ctx.actor, 'member.manage', null);
  const id = newId('usr');
  try {
    return await ctx.db.transaction(async (tx) => {
      await tx.insert(users).values({ id, login: input.login, name: input.name });
      await insertGrants(tx, ctx, id, input.grants);
      const link = await issueLink(tx, { id, login: input.login }, 'invite');
      await record(tx, ctx, id, {
        verb: 'invite',
        sentence: `Invited ${input.name} (${input.login}) with ${grantsInWords(input.grants)}.`,
        data: { login: input.login, grants: input.grants, expiresAt: link.expiresAt },
      });
      return link;
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'users_login_key')) throw error;
    throw new ServiceError('conflict', 'login_taken', `Somebody has the login “${input.login}” already.`, {
      login: 'Choose another login.',
    });
  }
}

/** A new link: to join, for one who has not yet; to choose a new password, for one who has. */
export async function renewInvitation(ctx: ServiceContext, input: z.output<typeof memberRef>): Promise<InvitationView> {
  requirePermission(ctx.actor, 'member.manage', null);
  return await ctx.db.transaction(async (tx) => {
    const member = await lockMember(tx, input.userId);
    if (member.disabledAt)
      throw new ServiceError('conflict', 'member_disabled', `${member.name} is disabled. Enable them first.`);
    const joined = member.passwordHash !== null || member.identityProvider !== null;
    const link = await issueLink(tx, member, joined ? 'reset' : 'invite');
    await record(tx, ctx, member.id, {
      verb: 'renew-link',
      sentence: joined
        ? `Made a link for a new password for ${member.name}.`
        : `Made a new invitation link for ${member.name}.`,
      data: { expiresAt: link.expiresAt },
    });
    return link;
  });
}

const usable = (token: string) =>
  and(
    eq(invitations.tokenHash, hashOneTimeToken(token)),
    inArray(invitations.purpose, ['invite', 'reset']),
    isNull(invitations.usedAt),
    gt(invitations.expiresAt, sql`now()`),
  );

const linkInvalid = () =>
  new ServiceError(
    'forbidden',
    'link_invalid',
    'This link is not valid (any more). Ask an administrator for a new one.',
  );

async function claimLink(tx: Tx, token: string) {
  const [link] = await tx
    .update(invitations)
    .set({ usedAt: sql`now()` })
    .where(usable(token))
    .returning({ userId: invitations.userId });
  const [member] = link?.userId ? await tx.select().from(users).where(eq(users.id, link.userId)).for('update') : [];
  if (!member || member.disabledAt) throw linkInvalid();
  return member;
}

/** Uses a one-time link: sets the password, and ends every session and token that the former one had opened. */
export async function acceptInvitation(
  ctx: ServiceContext,
  input: z.output<typeof acceptInvitationInput>,
): Promise<{ userId: string; name: string }> {
  // A stranger without a link must not make this machine hash passwords; who may is decided below.
  const known = await ctx.db.select({ hash: invitations.tokenHash }).from(invitations).where(usable(input.token));
  if (known.length === 0) throw linkInvalid();
  const passwordHash = await hashPassword(input.password);
  return await ctx.db.transaction(async (tx) => {
    const member = await claimLink(tx, input.token);
    const problem = passwordProblem(input.password, member.login);
    if (problem) throw new ServiceError('invalid', 'password_weak', problem, { password: problem });
    await tx.update(users).set({ passwordHash }).where(eq(users.id, member.id));
    await revokeAllSessions(tx, member.id);
    const revoked = await revokeAllTokens(tx, member.id);
    await record(tx, ctx, member.id, {
      verb: 'join',
      sentence: `${member.name} set a password by a one-time link.`,
      data: { revoked },
    });
    return { userId: member.id, name: member.name };
  });
}

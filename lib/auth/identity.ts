import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { Db, Tx } from '@/lib/db/client';
import { grants, invitations, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import type { Actor } from './actor';
import { hashOneTimeToken } from './one-time-token';
import type { SignedIn } from './sign-in';

/** What an identity provider proved. The account id is the identity; login and name are only for display. */
export interface ProvenIdentity {
  provider: string;
  accountId: string;
  login: string;
  name: string;
}

interface Admission {
  allowedLogins: readonly string[];
  /** From the invitation link that the person opened just before. */
  invitationToken: string | null;
  requestId: string;
  ip: string | null;
}

const notInvited = () =>
  new ServiceError(
    'forbidden',
    'not_invited',
    'This account is not known here. Ask an administrator for an invitation and open its link first.',
  );

/** Binds the identity to the invited person, once. Null when the link is not (or no longer) good. */
async function acceptByIdentity(tx: Tx, identity: ProvenIdentity, token: string): Promise<SignedIn | null> {
  const [invitation] = await tx
    .update(invitations)
    .set({ usedAt: sql`now()` })
    .where(
      and(
        eq(invitations.tokenHash, hashOneTimeToken(token)),
        eq(invitations.purpose, 'invite'),
        isNull(invitations.usedAt),
        gt(invitations.expiresAt, sql`now()`),
      ),
    )
    .returning({ userId: invitations.userId });
  if (!invitation?.userId) return null;
  const [user] = await tx
    .update(users)
    .set({ identityProvider: identity.provider, identityAccountId: identity.accountId })
    .where(and(eq(users.id, invitation.userId), isNull(users.identityProvider), isNull(users.disabledAt)))
    .returning({ userId: users.id, name: users.name });
  return user ?? null;
}

/** Somebody whom the operator's own allow-list names: may look, and waits for more from an administrator. */
async function admitListed(tx: Tx, identity: ProvenIdentity): Promise<SignedIn> {
  const userId = newId('usr');
  const [taken] = await tx.select({ id: users.id }).from(users).where(eq(users.login, identity.login.toLowerCase()));
  const login = taken ? `${identity.login.toLowerCase()}-${identity.accountId}` : identity.login.toLowerCase();
  const name = identity.name.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 80) || login;
  await tx
    .insert(users)
    .values({ id: userId, login, name, identityProvider: identity.provider, identityAccountId: identity.accountId });
  await tx.insert(grants).values({ id: newId('grt'), userId, role: 'viewer', environmentPattern: '*' });
  return { userId, name };
}

/**
 * The member behind a proven identity: known by (provider, account id), or invited, or on the allow-list. Never matched
 * by e-mail or by an existing login, and nobody else gets an account. Throws `ServiceError` `not_invited`.
 */
export async function admitIdentity(db: Db, identity: ProvenIdentity, how: Admission): Promise<SignedIn> {
  return await db.transaction(async (tx) => {
    const actor: Actor = { kind: 'anonymous', name: 'anonymous', ip: how.ip };
    const [known] = await tx
      .select({ userId: users.id, name: users.name, disabledAt: users.disabledAt })
      .from(users)
      .where(and(eq(users.identityProvider, identity.provider), eq(users.identityAccountId, identity.accountId)));
    if (known) {
      if (known.disabledAt !== null) throw notInvited();
      return { userId: known.userId, name: known.name };
    }
    const invited = how.invitationToken === null ? null : await acceptByIdentity(tx, identity, how.invitationToken);
    const listed = how.allowedLogins.includes(identity.login.toLowerCase());
    const member = invited ?? (listed ? await admitListed(tx, identity) : null);
    if (!member) throw notInvited();
    await emitAudit(
      tx,
      { actor, requestId: how.requestId },
      {
        action: 'member.join',
        resource: { kind: 'member', id: member.userId },
        outcome: 'done',
        sentence: invited
          ? `${member.name} accepted the invitation.`
          : `${member.name} joined from the allow-list, as viewer.`,
        data: { provider: identity.provider, accountId: identity.accountId, login: identity.login },
      },
    );
    return member;
  });
}

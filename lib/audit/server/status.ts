import { and, desc, eq, inArray, ne } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { audit } from '@/lib/db/schema';
import { anchorName } from '../model/anchor-place';
import type { AuditStatus } from '../model/verdict';
import { newestHead, readLink, type StoredHead } from './read-chain';
import { auditSigner } from './settings';
import type { Signer } from './sign-head';

/** The newest line about the log itself. */
async function lastOf(ctx: ServiceContext, action: 'audit.verify' | 'audit.sign') {
  const [line] = await ctx.db
    .select()
    .from(audit)
    .where(
      and(
        eq(audit.resourceKind, 'audit'),
        eq(audit.action, action),
        ne(audit.outcome, 'refused'),
        inArray(audit.actorKind, action === 'audit.sign' ? ['system'] : ['user', 'token', 'system']),
      ),
    )
    .orderBy(desc(audit.id))
    .limit(1);
  return line ?? null;
}

/** A later head, kept where it should be, ends a trouble, whichever process had it. */
function isOver(signed: { outcome: string; at: Date }, head: StoredHead | null, anchors: boolean): boolean {
  if (signed.outcome !== 'failed') return true;
  return head !== null && Date.parse(head.signedAt) > signed.at.getTime() && (head.anchor !== null || !anchors);
}

/** How far the log is signed, anchored and verified. Costs a few look-ups, never a reading of the log. */
export async function readAuditStatus(ctx: ServiceContext, _input: object, signer?: Signer): Promise<AuditStatus> {
  requireAnywhere(ctx.actor, 'audit.read');
  const { anchor } = signer ?? auditSigner();
  const [link, head, verified, signed] = await Promise.all([
    readLink(ctx.db),
    newestHead(ctx.db),
    lastOf(ctx, 'audit.verify'),
    lastOf(ctx, 'audit.sign'),
  ]);
  const lines = link?.seq ?? 0;
  const found = verified?.data as { lines?: unknown; anchorLacks?: unknown; anchorBegins?: unknown } | undefined;
  return {
    lines,
    unsigned: Math.max(0, lines - (head?.seq ?? 0)),
    head: head ? { line: head.seq, signedAt: head.signedAt, anchored: head.anchor !== null } : null,
    anchor: anchor ? anchorName(anchor) : null,
    verified: verified && {
      upTo: typeof found?.lines === 'number' ? found.lines : 0,
      at: verified.at.toISOString(),
      intact: verified.outcome === 'done',
      anchorLacks: typeof found?.anchorLacks === 'number' ? found.anchorLacks : null,
      anchorBegins: typeof found?.anchorBegins === 'number' ? found.anchorBegins : null,
      sentence: verified.sentence,
      by: verified.actorName,
    },
    trouble:
      signed && !isOver(signed, head, anchor !== null)
        ? { at: signed.at.toISOString(), sentence: signed.sentence }
        : null,
  };
}

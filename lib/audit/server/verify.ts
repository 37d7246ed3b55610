import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import type { Db, Tx } from '@/lib/db/client';
import { emitAudit } from '../emit';
import { type ChainVerdict, type VerifyAnswer, verdictSentence } from '../model/verdict';
import { readAnchor } from './anchor';
import { checkChain } from './check-chain';
import type { AuditKeys } from './keys';
import { inSnapshot, newestHead, oldestHead, readCensus, readChain, readHeads } from './read-chain';
import { auditSigner } from './settings';
import type { Signer } from './sign-head';

export interface VerifyOptions {
  keys: AuditKeys;
  /** Absolute path of an anchor file; null when there is none to compare with. */
  anchorFile: string | null;
  /** Whether a log without any signed head is broken; left out: when its first line is older than ten minutes. */
  requireHead?: boolean;
}

/** Reads the whole log once, in one snapshot, and compares it with its chain, its signed heads and the anchor. */
export function verifyChain(db: Db, options: VerifyOptions): Promise<ChainVerdict> {
  return inSnapshot(db, async (tx, wrong) => {
    if (wrong) return unread(wrong);
    const verdict = await checkChain({
      links: readChain(tx),
      heads: readHeads(tx),
      anchored: options.anchorFile === null ? null : readAnchor(options.anchorFile),
      census: () => readCensus(tx),
      keys: options.keys,
      requireHead: options.requireHead ?? (await isOld(tx)),
    });
    const { broken, anchor } = verdict;
    if (!anchor) return verdict;
    const begins = await beginning(tx, anchor);
    return { ...verdict, anchor: { ...anchor, begins, lacks: broken ? null : await lacking(tx, anchor) } };
  });
}

/** No break: after a restore, or where each server has a file of its own, the newest head is rightly not in this one. */
async function lacking(tx: Tx, { newest }: NonNullable<ChainVerdict['anchor']>) {
  const head = await newestHead(tx, 'file');
  return head && head.seq > (newest?.line ?? 0) ? { line: head.seq, signedAt: head.signedAt } : null;
}

/**
 * A file that was emptied or replaced begins later than what was anchored, for good: new heads do not bring the old ones back. No
 * break either: after a restore it was moved away as it should be.
 */
async function beginning(tx: Tx, { begins }: NonNullable<ChainVerdict['anchor']>) {
  const first = begins && (await oldestHead(tx, 'file'));
  return first && first.seq < begins.line ? begins : null;
}

/** Nothing was read, so nothing is proved. */
const unread = (sentence: string): ChainVerdict => ({
  broken: { kind: 'log_replaced', line: null, sentence },
  lines: 0,
  hash: null,
  heads: { checked: 0, unknownKey: 0, newest: null },
  anchor: null,
});

async function isOld(tx: Tx): Promise<boolean> {
  const { rows } = await tx.execute<{ old: boolean }>(
    sql`select a.at < now() - interval '10 minutes' as old from public.audit a order by a.id limit 1`,
  );
  return rows[0]?.old ?? false;
}

/** The button and the API: verifies, and records what was found as a line of the log. Throws `ServiceError` forbidden, anchor_unreadable. */
export async function verifyAudit(ctx: ServiceContext, _input: object, signer?: Signer): Promise<VerifyAnswer> {
  requirePermission(ctx.actor, 'audit.read', null);
  const { keys, anchor } = signer ?? auditSigner();
  const verdict = await verifyChain(ctx.db, { keys, anchorFile: anchor?.kind === 'file' ? anchor.path : null });
  const sentence = verdictSentence(verdict);
  await emitAudit(ctx.db, ctx, {
    action: 'audit.verify',
    resource: { kind: 'audit', id: null },
    outcome: verdict.broken ? 'failed' : 'done',
    code: verdict.broken?.kind,
    sentence,
    data: {
      lines: verdict.lines,
      hash: verdict.hash,
      anchorLacks: verdict.anchor?.lacks?.line ?? null,
      anchorBegins: verdict.anchor?.begins?.line ?? null,
    },
  });
  return { intact: verdict.broken === null, sentence, verdict };
}

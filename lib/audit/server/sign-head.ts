import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { Tx } from '@/lib/db/client';
import { holdLock } from '@/lib/db/hold-lock';
import { auditHeads } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { publish } from '@/lib/realtime/publish';
import { emitAudit } from '../emit';
import { type AnchorPlace, anchorName } from '../model/anchor-place';
import { GENESIS } from '../model/chain';
import type { SignedHead } from '../model/head';
import { lastAnchored, writeAnchor } from './anchor';
import { linkProblem } from './check-chain';
import { type AuditKeys, checkSignature, sign } from './keys';
import { inSnapshot, newestHead, readChain, readLink, type StoredHead } from './read-chain';

const SIGN_AFTER_SECONDS = 60;
const SIGN_AFTER_LINES = 1_000;

type Link = Pick<SignedHead, 'seq' | 'hash'>;

/** Kept by the process between two rounds; a database that was set back cannot make it forget. */
export interface SignerMemory {
  last: Link | null;
  /** The trouble that was recorded last, so that each is recorded once. */
  trouble: string | null;
}

export interface Signer {
  keys: AuditKeys;
  anchor: AnchorPlace | null;
  memory: SignerMemory;
}

type Context = Pick<ServiceContext, 'db' | 'actor' | 'requestId' | 'fetchOutside'>;

/**
 * Signs the chain's head when 60 s or 1,000 lines have passed since the last, and writes it to the anchor. Only what goes on from
 * what was signed, anchored or seen before is signed: links since then are computed anew. One instance does it at a time, and
 * no transaction is open while the anchor answers. Returns the head, or null.
 */
export async function signHead(ctx: Context, signer: Signer): Promise<SignedHead | null> {
  const held = await holdLock(ctx.db, 'auditSigner', async () => {
    const decided = await decide(ctx, signer);
    return decided && (decided.head ? await keep(ctx, decided.head, signer.anchor) : decided);
  });
  if (held.state === 'crowded') log.warn('the head of the audit log waits: this process holds too many other locks');
  const outcome = held.state === 'done' ? held.value : null;
  if (!outcome) return null;
  if (outcome.head) signer.memory.last = { seq: outcome.head.seq, hash: outcome.head.hash };
  await recordTrouble(ctx, signer, outcome.trouble, outcome.head !== null);
  return outcome.head;
}

/** The head that is to be kept now, or what speaks against it; null when nothing is due. */
async function decide(ctx: Context, signer: Signer) {
  return await inSnapshot(ctx.db, async (tx, wrong) => {
    if (wrong) return { head: null, trouble: wrong };
    const link = (await readLink(tx)) ?? { seq: 0, hash: GENESIS };
    const before = await newestHead(tx);
    if (!(await isDue(tx, link, before, signer))) return null;
    const refusal = await whyNotSigned(tx, link, before, signer).catch(notCompared);
    if (refusal) return { head: null, trouble: refusal };
    if (link.seq === 0) return null;
    const { rows } = await tx.execute<{ now: string }>(
      sql`select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
    );
    return { head: sign(signer.keys, { ...link, signedAt: rows[0]?.now ?? '' }), trouble: null };
  });
}

/** What cannot be held against its anchor is not signed, and that is told. Anything else is a fault of ours. */
function notCompared(error: unknown): string {
  if (error instanceof ServiceError) return `${error.sentence} No head is signed until then.`;
  throw error;
}

async function isDue(tx: Tx, link: Link, before: StoredHead | null, signer: Signer): Promise<boolean> {
  const added = link.seq - (before?.seq ?? 0);
  // A log that became shorter is looked at at once.
  if (!before || added < 0 || added >= SIGN_AFTER_LINES || link.seq < (signer.memory.last?.seq ?? 0)) return true;
  if (added === 0 && link.hash === before.hash && (before.anchor !== null || !signer.anchor)) return false;
  const { rows } = await tx.execute<{ due: boolean }>(
    sql`select ${before.signedAt}::timestamptz <= now() - make_interval(secs => ${SIGN_AFTER_SECONDS}) as due`,
  );
  return rows[0]?.due ?? true;
}

/** Every head that this process trusts has to stand in the chain, and every link after the newest of them has to hold. */
async function whyNotSigned(tx: Tx, link: Link, before: StoredHead | null, signer: Signer): Promise<string | null> {
  const anchored = signer.anchor?.kind === 'file' ? await lastAnchored(signer.anchor.path) : null;
  if (before && checkSignature(signer.keys, before) === 'invalid')
    return `The head that was signed last, of line ${before.seq.toLocaleString('en')}, does not carry this installation's signature. Verify the log under Audit.`;
  const ours = (head: SignedHead | null) => (head && checkSignature(signer.keys, head) === 'valid' ? head : null);
  const trusted: [string, Link | null][] = [
    ['seen by this server', signer.memory.last],
    ['signed last', ours(before)],
    ['anchored last', ours(anchored)],
  ];
  let base: Link = { seq: 0, hash: GENESIS };
  for (const [how, head] of trusted) {
    if (!head) continue;
    if ((await readLink(tx, head.seq))?.hash !== head.hash)
      return `Line ${head.seq.toLocaleString('en')} is not the one that was ${how}: the log was changed, cut or put back. Verify it under Audit.`;
    if (head.seq > base.seq) base = head;
  }
  let last = base;
  for await (const batch of readChain(tx, base.seq)) {
    for (const row of batch) {
      const problem = row.seq > link.seq ? null : linkProblem(row, last);
      if (problem) return problem.sentence;
      last = row;
    }
  }
  return null;
}

/** The anchor first: a head that the database has was written down elsewhere, or says that it was not. */
async function keep(ctx: Context, head: SignedHead, anchor: AnchorPlace | null) {
  let trouble: string | null = null;
  try {
    if (anchor) await writeAnchor(anchor, head, ctx.fetchOutside);
  } catch (error) {
    log.warn('the head of the audit log could not be anchored', describeError(error));
    trouble = `The head of the audit log could not be written to ${anchor ? anchorName(anchor) : 'its anchor'}. It is tried again each minute; check AETHERSTACK_AUDIT_ANCHOR.`;
  }
  await ctx.db.insert(auditHeads).values({
    ...head,
    hash: Buffer.from(head.hash, 'hex'),
    signedAt: sql`${head.signedAt}::timestamptz`,
    anchor: anchor && !trouble ? anchor.kind : null,
  });
  return { head, trouble };
}

async function recordTrouble(ctx: Context, { memory }: Signer, trouble: string | null, signed: boolean) {
  if (trouble === memory.trouble) return;
  memory.trouble = trouble;
  if (trouble) log.error('audit log', { trouble });
  await ctx.db.transaction(async (tx) => {
    await emitAudit(tx, ctx, {
      action: 'audit.sign',
      resource: { kind: 'audit', id: null },
      outcome: trouble ? 'failed' : 'done',
      code: trouble ? 'head_not_kept' : undefined,
      sentence: trouble ?? 'The head of the audit log is signed and kept again.',
    });
    // An anchor that cannot be reached is trouble too, but the log is whole.
    if (trouble && !signed)
      await publish(tx, {
        topic: 'audit',
        kind: 'audit.broken',
        actorName: ctx.actor.name,
        data: { sentence: trouble },
      });
  });
}

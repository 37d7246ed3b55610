import type { DbOrTx } from '@/lib/db/client';
import { describeError, log } from '@/lib/kernel/log';
import type { SignedHead } from '../model/head';
import { lastAnchored } from './anchor';
import { checkSignature } from './keys';
import { readLink } from './read-chain';
import type { Signer } from './sign-head';

/** The head that was anchored last, when it is ours and can be read from here. */
async function anchoredHead({ anchor, keys }: Signer): Promise<SignedHead | null> {
  if (anchor?.kind !== 'file') return null;
  try {
    const head = await lastAnchored(anchor.path);
    return head && checkSignature(keys, head) === 'valid' ? head : null;
  } catch (error) {
    log.warn('the anchor of the audit log could not be read', describeError(error));
    return null;
  }
}

/**
 * Heads that are known outside of the database (in the anchor's file, or in this process) and that the database does not have, each
 * as `<line>:<hash>`: an older state of it came back, or its log was changed. Empty when nothing says so.
 */
export async function forgottenHeads(db: DbOrTx, signer: Signer): Promise<string[]> {
  const known = [signer.memory.last, await anchoredHead(signer)].filter((head) => head !== null);
  const forgotten = new Set<string>();
  for (const head of known)
    if ((await readLink(db, head.seq))?.hash !== head.hash) forgotten.add(`${head.seq}:${head.hash}`);
  return [...forgotten];
}

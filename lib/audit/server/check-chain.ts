import { GENESIS } from '../model/chain';
import type { SignedHead } from '../model/head';
import type { BreakKind, ChainBreak, ChainVerdict } from '../model/verdict';
import { type AuditKeys, checkSignature } from './keys';
import { linkHash } from './link';
import type { Census, ChainRow } from './read-chain';

export interface Evidence {
  /** The whole chain, in order; see readChain. */
  links: AsyncIterable<ChainRow[]>;
  /** Heads of the database, in the order of the chain. */
  heads: AsyncIterable<SignedHead>;
  /** Heads that were written down elsewhere, oldest first; null when there is no such place, or it cannot be read from here. */
  anchored: AsyncIterable<SignedHead> | null;
  /** What is outside of the chain; asked last, when all links hold. */
  census: () => Promise<Census>;
  keys: AuditKeys;
  /** False while the first head may still be to come. */
  requireHead: boolean;
}

const counted = (n: number) => n.toLocaleString('en');

function broken(kind: BreakKind, line: number | null, sentence: string): ChainBreak {
  return { kind, line, sentence };
}

/** What is wrong with a link by itself, given the one before; null when nothing is. */
export function linkProblem(row: ChainRow, before: { seq: number; hash: string }): ChainBreak | null {
  const line = before.seq + 1;
  const holds = row.seq === line && row.line !== null && linkHash(before.hash, line, row.line) === row.hash;
  // Numbers are put into words for the line that needs them, not for a million others.
  return holds ? null : describeProblem(row, line);
}

function describeProblem(row: ChainRow, line: number): ChainBreak {
  const name = `Line ${counted(line)}`;
  if (row.seq < line) return broken('link_extra', row.seq, `Line ${counted(row.seq)} is in the chain twice.`);
  if (row.seq > line)
    return broken('link_missing', line, `${name} is missing: the chain goes on with ${counted(row.seq)}.`);
  if (row.line === null) {
    return broken(
      'entry_missing',
      line,
      `${name} was deleted: its place in the chain is there, entry ${row.entryId ?? 'without a number'} is not.`,
    );
  }
  const what = `${name} (entry ${row.entryId ?? 'without a number'}) is not what was written: it, or its place in the chain, was changed.`;
  return broken('entry_changed', line, what);
}

/** Heads in the order of the chain, compared one by one as the links pass. */
class HeadTrack {
  readonly #heads: AsyncIterator<SignedHead>;
  readonly #keys: AuditKeys;
  readonly #anchored: boolean;
  /** Undefined before the first was asked for, null after the last. */
  #next: SignedHead | null | undefined;
  checked = 0;
  unknownKey = 0;
  newest: { line: number; signedAt: string } | null = null;
  oldest: { line: number; signedAt: string } | null = null;
  /** Set while the newest head that was looked at is of a key that is not known here. */
  unproved: SignedHead | null = null;

  constructor(heads: AsyncIterable<SignedHead>, keys: AuditKeys, anchored: boolean) {
    this.#heads = heads[Symbol.asyncIterator]();
    this.#keys = keys;
    this.#anchored = anchored;
  }

  async #peek(): Promise<SignedHead | null> {
    if (this.#next !== undefined) return this.#next;
    const step = await this.#heads.next();
    this.#next = step.done ? null : step.value;
    return this.#next;
  }

  /** Whether `pass` has anything to do; most links have no head, and asking is cheaper than waiting. */
  due(seq: number): boolean {
    return this.#next === undefined || (this.#next !== null && this.#next.seq <= seq);
  }

  get #verb(): string {
    return this.#anchored ? 'anchored' : 'signed';
  }

  /** Compares every head of this link. */
  async pass(link: { seq: number; hash: string }): Promise<ChainBreak | null> {
    for (let head = await this.#peek(); head && head.seq <= link.seq; head = await this.#peek()) {
      const problem = this.#compare(head, link);
      if (problem) return problem;
      this.#next = undefined;
    }
    return null;
  }

  #compare(head: SignedHead, link: { seq: number; hash: string }): ChainBreak | null {
    const line = counted(head.seq);
    if (head.seq < link.seq) {
      const what = `The anchor goes back to line ${line} after a later one: two logs were written to it, or one was put back. Keep one anchor for each database.`;
      return broken('anchor_disordered', head.seq, what);
    }
    const signature = checkSignature(this.#keys, head);
    if (signature === 'invalid') {
      const what = `The head of line ${line}, ${this.#verb} ${head.signedAt}, does not carry this installation's signature.`;
      return broken(this.#anchored ? 'anchor_forged' : 'head_forged', head.seq, what);
    }
    if (head.hash !== link.hash) {
      const what = `Line ${line} is not the one that was ${this.#verb} ${head.signedAt}: the chain was made anew from there or from before.`;
      return broken(this.#anchored ? 'anchor_mismatch' : 'head_mismatch', head.seq, what);
    }
    this.checked += 1;
    this.oldest ??= { line: head.seq, signedAt: head.signedAt };
    this.unknownKey += signature === 'unknown' ? 1 : 0;
    this.unproved = signature === 'unknown' ? head : null;
    if (signature === 'valid') this.newest = { line: head.seq, signedAt: head.signedAt };
    return null;
  }

  /** Whoever stops early leaves no file open and no answer on the wire. */
  async close(): Promise<void> {
    await this.#heads.return?.();
  }

  /** A head of a line that the log does not have. */
  async beyond(last: number): Promise<ChainBreak | null> {
    const head = await this.#peek();
    if (!head) return null;
    const what = `The log ends at line ${counted(last)}, but line ${counted(head.seq)} was ${this.#verb} ${head.signedAt}: the newest lines are gone.`;
    return broken('tail_missing', last + 1, what);
  }
}

function unsignedProblem(heads: HeadTrack, evidence: Evidence, lines: number): ChainBreak | null {
  if (heads.unproved) {
    const what = `The newest head, of line ${counted(heads.unproved.seq)}, is signed with key ${heads.unproved.keyId}, which is not known here. Give the right key, or the chain may have been made anew.`;
    return broken('head_forged', heads.unproved.seq, what);
  }
  if (!evidence.requireHead || heads.newest || lines === 0) return null;
  const what = 'No head is signed with a key that is known here, so nothing shows that the chain was not made anew.';
  return broken('head_missing', null, what);
}

/** What nobody comes past who goes from line to line: everything there has to be one of the lines that were read. */
function outsideProblem({ unchained, stray, entries, links }: Census, lines: number): ChainBreak | null {
  if (unchained !== null) {
    const what = `Entry ${unchained} is in the log but not in the chain: it was put in past the console.`;
    return broken('entry_unchained', null, what);
  }
  if (stray) {
    const { seq } = stray;
    const place = seq === null ? 'A line is in the chain without a place' : `Line ${counted(seq)} is in the chain`;
    const twice = seq !== null && seq > 0 ? ' twice' : seq === null ? '' : ', before the first';
    return broken('link_extra', seq, `${place}${twice}: it was put in past the console.`);
  }
  if (links === lines && entries === lines) return null;
  const what = `The chain has ${counted(lines)} lines, but ${counted(links)} links and ${counted(entries)} entries are there: line after line there is more, or less, than was read.`;
  return broken('link_extra', null, what);
}

/** Reads everything once, in order, and stops at the first break. Holds one batch at a time. */
export async function checkChain(evidence: Evidence): Promise<ChainVerdict> {
  const heads = new HeadTrack(evidence.heads, evidence.keys, false);
  const anchored = evidence.anchored ? new HeadTrack(evidence.anchored, evidence.keys, true) : null;
  try {
    const { last, problem } = await walk(evidence, heads, anchored);
    return {
      broken: problem,
      lines: last.seq,
      hash: last.seq === 0 ? null : last.hash,
      heads: { checked: heads.checked, unknownKey: heads.unknownKey, newest: heads.newest },
      anchor: anchored && {
        ...{ checked: anchored.checked, newest: anchored.newest },
        ...{ lacks: null, begins: anchored.oldest },
      },
    };
  } finally {
    await heads.close();
    await anchored?.close();
  }
}

async function walk(evidence: Evidence, heads: HeadTrack, anchored: HeadTrack | null) {
  let last = { seq: 0, hash: GENESIS };
  for await (const batch of evidence.links) {
    for (const row of batch) {
      let problem = linkProblem(row, last);
      if (!problem && heads.due(row.seq)) problem = await heads.pass(row);
      if (!problem && anchored?.due(row.seq)) problem = await anchored.pass(row);
      if (problem) return { last, problem };
      last = { seq: row.seq, hash: row.hash };
    }
  }
  const census = await evidence.census();
  const problem =
    (await heads.beyond(last.seq)) ??
    (await anchored?.beyond(last.seq)) ??
    outsideProblem(census, last.seq) ??
    unsignedProblem(heads, evidence, last.seq);
  return { last, problem };
}

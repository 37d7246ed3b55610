export type BreakKind =
  | 'entry_changed'
  | 'entry_missing'
  | 'entry_unchained'
  | 'link_missing'
  | 'link_extra'
  | 'head_mismatch'
  | 'head_forged'
  | 'head_missing'
  | 'anchor_mismatch'
  | 'anchor_forged'
  | 'anchor_disordered'
  | 'tail_missing'
  | 'log_replaced';

/** The first place where the log is not what was written. */
export interface ChainBreak {
  kind: BreakKind;
  /** Line of the log, counted in the order of commits; null when the entry has no line. */
  line: number | null;
  sentence: string;
}

/** What a verification found. */
export interface ChainVerdict {
  broken: ChainBreak | null;
  /** So many lines, from the first, are proved to be what was written. */
  lines: number;
  /** Hash of the last line that was looked at, 64 hex digits; null for an empty log. */
  hash: string | null;
  heads: {
    checked: number;
    /** Signed with a key that is not known here; proved only by the newer heads above them. */
    unknownKey: number;
    newest: { line: number; signedAt: string } | null;
  };
  anchor: {
    checked: number;
    newest: { line: number; signedAt: string } | null;
    /** The newest head of the database, where it says that it was written to such a file and this one does not have it. */
    lacks: { line: number; signedAt: string } | null;
    /** The oldest head of this file, where the database has an older one that it says was written to such a file. */
    begins: { line: number; signedAt: string } | null;
  } | null;
}

/** What the audit page says above the log. Times are ISO 8601 in UTC. */
export interface AuditStatus {
  lines: number;
  /** Lines that no head covers yet; normally those of the last minute. */
  unsigned: number;
  head: { line: number; signedAt: string; anchored: boolean } | null;
  /** In words: `a file`, `the process output`, `audit.example.com`; null when heads are kept in the database only. */
  anchor: string | null;
  verified: {
    upTo: number;
    at: string;
    intact: boolean;
    /** The line of a head that was anchored and that the anchor did not have; null when it had what it should. */
    anchorLacks: number | null;
    /** The line of the oldest head in the anchor's file, where older ones were anchored; null when none was. */
    anchorBegins: number | null;
    sentence: string;
    by: string;
  } | null;
  /** Why the newest head could not be signed or anchored; null when it could. */
  trouble: { at: string; sentence: string } | null;
}

export interface VerifyAnswer {
  intact: boolean;
  sentence: string;
  verdict: ChainVerdict;
}

const counted = (n: number) => n.toLocaleString('en');

/** One sentence for people: intact or not, up to where, and by what it is proved. */
export function verdictSentence(verdict: ChainVerdict): string {
  if (verdict.broken) return verdict.broken.sentence;
  if (verdict.lines === 0) return 'The log is empty.';
  const { heads, anchor } = verdict;
  const signed = heads.newest ? `signed up to line ${counted(heads.newest.line)}` : 'not signed yet';
  const all = verdict.lines === 1 ? 'The one line is' : `All ${counted(verdict.lines)} lines are`;
  return `${all} as they were written; ${signed}, ${anchorWords(anchor)}.`;
}

function anchorWords(anchor: ChainVerdict['anchor']): string {
  if (!anchor) return 'no anchor was compared';
  const { newest, lacks, begins } = anchor;
  const gone = begins
    ? `; the anchor begins with line ${counted(begins.line)}, and older heads that were anchored are not there`
    : '';
  const upTo = newest ? `anchored up to line ${counted(newest.line)}${gone}` : null;
  if (!lacks) return upTo ?? 'nothing anchored yet';
  const what = `line ${counted(lacks.line)} was anchored ${lacks.signedAt} and is not there`;
  return `${upTo ?? 'the anchor has no head'}; but ${what}: the anchor was emptied, moved away, put back or is another one`;
}

/** First characters that a spreadsheet may take for a formula or a command, after compatibility forms are folded. */
const LEADS = new Set(['=', '+', '-', '\u2212', '@', '|', '%']);
/** What a spreadsheet may skip before it looks: spaces, controls, invisible characters. */
const SKIPPED = /^[\s\p{C}\p{Z}]+/u;
const MARK = "'";

/** True when a spreadsheet could read more into this text than text. */
export function looksLikeFormula(text: string): boolean {
  if (/^[\p{Cc}]/u.test(text)) return true;
  const first = [...text.replace(SKIPPED, '').slice(0, 2).normalize('NFKC')][0];
  return first !== undefined && LEADS.has(first);
}

/**
 * One cell after RFC 4180, always in quotes; null is an empty cell without them. A text that could be a formula gets `'` in front,
 * and so does one that begins with `'`: whoever reads the file takes one leading `'` off and has the text back.
 */
export function csvCell(value: string | null): string {
  if (value === null) return '';
  const safe = value.startsWith(MARK) || looksLikeFormula(value) ? MARK + value : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Ends with CR LF, as the RFC has it. */
export function csvRow(values: readonly (string | null)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

import type { LogLine } from './line';

export interface Match {
  /** Index into the lines that were searched. */
  line: number;
  start: number;
  end: number;
}

export const MAX_MATCHES = 5_000;

/** Lower case that keeps every position: `İ` would grow by one and shift the marks behind it. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text.replace(/[\s\S]/g, (unit) => (unit.toLowerCase().length === 1 ? unit.toLowerCase() : unit));
}

/** Literal and case-insensitive: what is typed is never a pattern, so no text can make it slow. */
export function findMatches(lines: readonly LogLine[], query: string): { matches: Match[]; more: boolean } {
  const matches: Match[] = [];
  const needle = folded(query);
  if (needle === '') return { matches, more: false };
  for (let line = 0; line < lines.length; line++) {
    const text = folded(lines[line]?.text ?? '');
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      if (matches.length >= MAX_MATCHES) return { matches, more: true };
      matches.push({ line, start: at, end: at + needle.length });
    }
  }
  return { matches, more: false };
}

import type { LogLine } from './line';

export interface VisibleLine {
  /** Index into all lines. */
  index: number;
  /** Set on a group's headline. */
  group: { open: boolean; size: number } | null;
  /** Inside a group: drawn indented. */
  inside: boolean;
}

/** Groups do not nest at any runner we know; a second start ends the first. Folded is a set of headline numbers. */
export function visibleLines(lines: readonly LogLine[], folded: ReadonlySet<number>): VisibleLine[] {
  const shown: VisibleLine[] = [];
  let group: { open: boolean; size: number } | null = null;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (!line) continue;
    if (line.kind === 'endgroup') group = null;
    else if (line.kind === 'group') {
      group = { open: !folded.has(line.number), size: 0 };
      shown.push({ index, group, inside: false });
    } else {
      if (group) group.size++;
      if (!group || group.open) shown.push({ index, group: null, inside: group !== null });
    }
  }
  return shown;
}

/** Number of the headline whose group holds this line; null when it stands alone. */
export function groupOf(lines: readonly LogLine[], index: number): number | null {
  for (let at = index; at >= 0; at--) {
    const line = lines[at];
    if (line?.kind === 'group') return at === index ? null : line.number;
    if (line?.kind === 'endgroup') return null;
  }
  return null;
}

/** The first line that the runner itself marked as an error, else the first that says so at its head; -1 for none. */
export function firstError(lines: readonly LogLine[]): number {
  const marked = lines.findIndex((line) => line.kind === 'error');
  if (marked >= 0) return marked;
  return lines.findIndex((line) => /^\s{0,8}(?:error|fatal|panic|traceback)\b/i.test(line.text.slice(0, 40)));
}

/** The first error with a little of what led to it, for a failure's summary; empty when nothing looks like one. */
export function errorExcerpt(lines: readonly LogLine[], before = 6, after = 1): LogLine[] {
  const at = firstError(lines);
  if (at < 0) return [];
  return lines
    .slice(Math.max(0, at - before), at + after + 1)
    .filter((line) => line.kind !== 'endgroup' && line.text !== '');
}

import type { AnsiStyle } from './style';

export interface LogSegment {
  readonly text: string;
  readonly style: AnsiStyle;
}

/** What a runner's own marks make of a line; `text` for everything else. */
export type LineKind = 'text' | 'group' | 'endgroup' | 'error' | 'warning' | 'notice' | 'command' | 'debug';

export interface LogLine {
  /** From 1; stays the same when older lines are let go. */
  readonly number: number;
  /** The runner's own time stamp at the head of the line, ISO 8601. */
  readonly at: string | null;
  readonly kind: LineKind;
  readonly segments: readonly LogSegment[];
  /** The segments' text in one piece; never holds a control character. */
  readonly text: string;
  /** How many characters were left out behind the cap; 0 for a whole line. */
  readonly cut: number;
}

const KINDS: Record<string, LineKind> = {
  group: 'group',
  section: 'group',
  endgroup: 'endgroup',
  error: 'error',
  warning: 'warning',
  notice: 'notice',
  command: 'command',
  debug: 'debug',
};

/** `##[error]…`, `[command]…` and `::error file=a.py,line=3::…`; bounded, so it is linear on any text. */
const MARK = /^(?:##\[([a-z]{1,12})\]|\[(command)\]|::([a-z]{1,12})(?: [^\n]{0,512}?)?::)/;

export function markOf(text: string): { kind: LineKind; length: number } {
  const found = MARK.exec(text);
  const kind = found ? KINDS[found[1] ?? found[2] ?? found[3] ?? ''] : undefined;
  return found && kind ? { kind, length: found[0].length } : { kind: 'text', length: 0 };
}

/** Drops the first `count` characters. */
export function withoutHead(segments: readonly LogSegment[], count: number): LogSegment[] {
  const rest: LogSegment[] = [];
  let left = count;
  for (const segment of segments) {
    if (left >= segment.text.length) left -= segment.text.length;
    else {
      rest.push(left > 0 ? { ...segment, text: segment.text.slice(left) } : segment);
      left = 0;
    }
  }
  return rest;
}

import { ChevronDown, ChevronRight } from 'lucide-react';
import { Fragment, memo, type ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import type { VisibleLine } from './folds';
import type { LineKind, LogLine, LogSegment } from './line';
import { styleClasses } from './palette';
import type { Match } from './search';

const LOOKS: Record<LineKind, string> = {
  text: '',
  endgroup: '',
  group: 'font-medium',
  error: 'bg-bad-wash text-bad',
  warning: 'bg-warn-wash text-warn',
  notice: 'bg-busy-wash text-busy',
  command: 'text-busy',
  debug: 'text-ink-faint',
};

/** Words in front of the lines that a runner marked, so that colour is never alone. */
const WORDS: Partial<Record<LineKind, string>> = {
  error: 'Error: ',
  warning: 'Warning: ',
  notice: 'Notice: ',
  command: '$ ',
};

interface Piece {
  start: number;
  text: string;
  look: string;
  match: Match | null;
}

/** Cuts a line's segments at the borders of its matches. */
function pieces(segments: readonly LogSegment[], matches: readonly Match[]): Piece[] {
  const out: Piece[] = [];
  let offset = 0;
  let next = 0;
  for (const segment of segments) {
    const end = offset + segment.text.length;
    const look = styleClasses(segment.style);
    while (offset < end) {
      let match = matches[next];
      if (match && match.end <= offset) match = matches[++next];
      const inside = match !== undefined && match.start <= offset;
      const stop = Math.min(end, match ? (inside ? match.end : match.start) : end);
      const from = segment.text.length - (end - offset);
      out.push({
        start: offset,
        text: segment.text.slice(from, from + stop - offset),
        look,
        match: inside && match ? match : null,
      });
      offset = stop;
    }
  }
  return out;
}

function Text({
  line,
  matches,
  current,
}: {
  line: LogLine;
  matches: readonly Match[];
  current: Match | null;
}): ReactNode {
  return pieces(line.segments, matches).map((piece) => {
    if (piece.match) {
      const here = piece.match === current;
      return (
        <mark
          key={piece.start}
          className={cn('rounded-xs', here ? 'bg-accent text-accent-ink' : 'bg-warn-wash text-ink ring-1 ring-warn/50')}
        >
          {piece.text}
        </mark>
      );
    }
    if (piece.look === '') return <Fragment key={piece.start}>{piece.text}</Fragment>;
    return (
      <span key={piece.start} className={piece.look}>
        {piece.text}
      </span>
    );
  });
}

interface LogRowProps {
  line: LogLine;
  place: VisibleLine;
  matches: readonly Match[];
  current: Match | null;
  wrap: boolean;
  stamps: boolean;
  onToggle: (number: number) => void;
}

/** One line: number, time, fold, text. Text nodes only; nothing of a log is ever markup. */
export const LogRow = memo(function LogRow({ line, place, matches, current, wrap, stamps, onToggle }: LogRowProps) {
  const { group } = place;
  return (
    <div
      className={cn(
        'flex min-h-5 pr-4 leading-5',
        LOOKS[line.kind],
        wrap ? 'whitespace-pre-wrap break-all' : 'whitespace-pre',
      )}
    >
      <span className="w-13 shrink-0 select-none pr-3 text-right text-ink-faint tabular-nums">{line.number}</span>
      {stamps && line.at ? (
        <time dateTime={line.at} className="shrink-0 select-none pr-3 text-ink-faint tabular-nums">
          {line.at.slice(11, 23).replace('Z', '')}
        </time>
      ) : null}
      <span className={cn('min-w-0', place.inside && 'pl-4.5')}>
        {group ? (
          <button
            type="button"
            aria-expanded={group.open}
            onClick={() => onToggle(line.number)}
            className="-ml-0.5 inline-flex items-center gap-1 rounded text-left hover:bg-raised"
          >
            {group.open ? (
              <ChevronDown aria-hidden className="size-3.5" />
            ) : (
              <ChevronRight aria-hidden className="size-3.5" />
            )}
            <span>
              <Text line={line} matches={matches} current={current} />
            </span>
            {group.open ? null : <span className="font-normal text-ink-faint">{group.size} lines</span>}
          </button>
        ) : (
          <>
            {WORDS[line.kind] ? <span className="font-semibold">{WORDS[line.kind]}</span> : null}
            <Text line={line} matches={matches} current={current} />
          </>
        )}
        {line.cut > 0 ? (
          <span className="ml-1.5 rounded bg-raised px-1.5 text-ink-soft">
            cut: {line.cut.toLocaleString('en')} more characters are in the download
          </span>
        ) : null}
      </span>
    </div>
  );
});

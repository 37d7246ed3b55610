import { Mono } from '@/components/ui/code';
import { type Tone, ToneBadge } from '@/components/ui/tone';
import type { Finding } from '@/lib/rendering/model/preflight';

interface FindingListProps {
  title: string;
  tone: Tone;
  findings: readonly Finding[];
}

/** Each finding with its place and its mend. Nothing where there is none. */
export function FindingList({ title, tone, findings }: FindingListProps) {
  if (findings.length === 0) return null;
  return (
    <section aria-label={title} className="grid gap-2">
      <h3 className="flex items-center gap-2 text-xs font-medium text-ink-soft">
        {title}
        <ToneBadge tone={tone} plain>
          {findings.length}
        </ToneBadge>
      </h3>
      <ul className="grid gap-2">
        {findings.map(({ code, sentence, where, line, mend }) => (
          <li
            key={`${code} ${where} ${line} ${sentence}`}
            className="grid gap-1 rounded-md border border-line px-3 py-2 text-sm"
          >
            {where ? (
              <Mono className="text-xs wrap-anywhere text-ink-soft">
                {where}
                {line === null ? '' : `:${line}`}
              </Mono>
            ) : null}
            <span className="wrap-anywhere">{sentence}</span>
            {mend ? <span className="wrap-anywhere text-ink-soft">{mend}</span> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

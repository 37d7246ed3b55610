import { ArrowRight } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button-link';
import { cn } from '@/components/ui/cn';
import { ToneIcon, toneWash } from '@/components/ui/tone';
import type { NowView } from '@/lib/deployments/model/view';

const edges = { bad: 'border-bad/30', warn: 'border-warn/30', good: 'border-line' } as const;

/** The worst thing, in one sentence, and where to go. Its ages move, so it is not announced by itself. */
export function Headline({ headline }: { headline: NowView['headline'] }) {
  const { tone, sentence, href } = headline;
  return (
    <section
      aria-label="Now, in one sentence"
      className={cn(
        // Two lines high from the start: news with a longer sentence moves nothing below.
        'flex min-h-22 flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border px-4 py-3.5',
        tone === 'good' ? 'bg-surface' : toneWash[tone],
        edges[tone],
      )}
    >
      <div className="flex min-w-48 flex-1 items-start gap-3">
        <ToneIcon tone={tone} className="mt-1 size-4.5" />
        <p className="text-pretty text-lg font-medium">{sentence}</p>
      </div>
      {href ? (
        <ButtonLink href={href} variant={tone === 'good' ? 'secondary' : 'primary'} className="max-sm:w-full">
          Open
          <ArrowRight aria-hidden />
        </ButtonLink>
      ) : null}
    </section>
  );
}

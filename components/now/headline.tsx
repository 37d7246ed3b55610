import { ArrowRight } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button-link';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneIcon, toneWash } from '@/components/ui/tone';
import type { NowView } from '@/lib/deployments/model/view';

const edges = { bad: 'border-bad/30', warn: 'border-warn/30', good: 'border-line' } as const;

/** The worst thing, in one sentence, and where to go; announced again when it changes. */
export function Headline({ headline }: { headline: NowView['headline'] }) {
  const { tone, sentence, href, since } = headline;
  return (
    <section
      aria-label="Now, in one sentence"
      className={cn(
        'flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border px-4 py-3.5',
        tone === 'good' ? 'bg-surface' : toneWash[tone],
        edges[tone],
      )}
    >
      <div role="status" className="flex min-w-48 flex-1 items-start gap-3">
        <ToneIcon tone={tone} className="mt-1 size-4.5" />
        <p className="text-pretty text-lg font-medium">
          {sentence}
          {since ? (
            <span className="ml-2 whitespace-nowrap text-sm font-normal text-ink-soft">
              <RelativeTime at={since} />
            </span>
          ) : null}
        </p>
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

import { CircleHelp, SearchCheck } from 'lucide-react';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { MODE_WORDS } from '@/lib/rendering/model/mode';

type Mode = NonNullable<DeploymentDetail['mode']>;

/** Not green by silence: what was shown from outside, or that nothing was. */
function Proof({ shown, sentence }: Pick<Mode, 'shown' | 'sentence'>) {
  if (sentence === null) return null;
  const Icon = shown ? SearchCheck : CircleHelp;
  return (
    <span className="mt-0.5 flex items-start gap-1 text-xs text-ink-soft">
      <Icon aria-hidden className={`mt-px size-3.5 shrink-0 ${shown ? 'text-good' : 'text-warn'}`} />
      <span className="min-w-0 wrap-anywhere">
        <span className={`font-medium ${shown ? 'text-good' : 'text-warn'}`}>{shown ? 'Proved:' : 'Not proved:'}</span>{' '}
        {sentence}
      </span>
    </span>
  );
}

/** How a web dashboard was to be built, what it was before, and what the world outside shows. */
export function ModeFact({ mode: { asked, before, shown, sentence } }: { mode: Mode }) {
  return (
    <>
      <span className="font-medium">{MODE_WORDS[asked].short}</span>
      <span className="text-ink-soft">, {MODE_WORDS[asked].means}</span>
      {before !== null && before !== asked ? (
        <span className="text-ink-soft">; {MODE_WORDS[before].short} before it</span>
      ) : null}
      <Proof shown={shown} sentence={sentence} />
    </>
  );
}

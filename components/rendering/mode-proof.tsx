import { Badge } from '@/components/ui/badge';
import { ToneBadge } from '@/components/ui/tone';
import { MODE_WORDS } from '@/lib/rendering/model/mode';
import type { RenderingRow } from '@/lib/rendering/model/rendering-view';

/** The mode that is set, and what shows from outside that it is so. */
export function ModeProof({ row: { mode, live } }: { row: RenderingRow }) {
  if (mode === null)
    return (
      <span className="grid justify-items-start gap-0.5">
        <ToneBadge tone="neutral" plain>
          Not known
        </ToneBadge>
        <span className="text-xs text-ink-faint">No deployment has said how it is built.</span>
      </span>
    );
  return (
    <span className="grid justify-items-start gap-0.5">
      <Badge variant="solid">{MODE_WORDS[mode].short}</Badge>
      <span className="text-xs text-ink-faint">{MODE_WORDS[mode].means}</span>
      {live?.shown === mode ? (
        <ToneBadge tone="good" plain className="whitespace-normal">
          Proved live<span className="sr-only">: {live.proof}</span>
        </ToneBadge>
      ) : (
        <ToneBadge tone="neutral" plain className="whitespace-normal">
          Not proved{live?.proof ? <span className="sr-only">: {live.proof}</span> : null}
        </ToneBadge>
      )}
      {live?.proof ? <span className="text-xs wrap-anywhere text-ink-faint">{live.proof}</span> : null}
    </span>
  );
}

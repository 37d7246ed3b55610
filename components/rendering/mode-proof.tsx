import { Badge } from '@/components/ui/badge';
import { ToneBadge } from '@/components/ui/tone';
import { MODE_WORDS } from '@/lib/rendering/model/mode';
import type { PreflightCount } from '@/lib/rendering/model/preflight-view';
import type { RenderingRow } from '@/lib/rendering/model/rendering-view';

interface ModeProofProps {
  row: Pick<RenderingRow, 'targetId' | 'mode' | 'live'>;
  /** Null while they are looked at. */
  counts: readonly Pick<PreflightCount, 'targetId' | 'atHost'>[] | null;
}

/** The mode that is set, what shows from outside that it is so, and where the host is set to build another. */
export function ModeProof({ row: { targetId, mode, live }, counts }: ModeProofProps) {
  const atHost = counts?.find((each) => each.targetId === targetId)?.atHost ?? null;
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
      {atHost ? (
        <>
          <ToneBadge tone="warn" plain className="whitespace-normal">
            Set otherwise at the host
          </ToneBadge>
          <span className="text-xs wrap-anywhere text-ink-soft">{atHost}</span>
        </>
      ) : null}
    </span>
  );
}

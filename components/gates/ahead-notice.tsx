import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { aheadWords, type GivenAhead } from '@/lib/gates/model/given-ahead';
import type { RemoteGateView } from '@/lib/gates/model/remote-gate';

interface AheadNoticeProps {
  given: GivenAhead | null;
  held: RemoteGateView | null;
  onWithdraw: () => void;
}

/** What becomes of a yes that was given ahead, and the way to take it back while it is not sent. */
export function AheadNotice({ given, held, onWithdraw }: AheadNoticeProps) {
  const title = aheadWords(given, held);
  if (!given || title === null) return null;
  const action =
    given.state === 'waits' ? (
      <Button size="sm" onClick={onWithdraw}>
        Do not send it
      </Button>
    ) : null;
  return <Notice tone={given.state === 'refused' ? 'warn' : 'neutral'} live title={title} action={action} />;
}

import type { LiftPin } from '@/components/matrix/lift-pin-button';
import type { NowView } from '@/lib/deployments/model/view';
import { ConnectionHealth } from './connection-health';
import { PinList } from './pin-list';
import { Recent } from './recent';

/** What was, what is held, and how the accounts do. */
export function NowAside({ now, liftPin }: { now: NowView; liftPin: LiftPin }) {
  return (
    <div className="grid min-w-0 gap-5">
      <Recent deployments={now.recent} />
      <PinList pins={now.pins} lift={liftPin} />
      <ConnectionHealth connections={now.connections} />
    </div>
  );
}

import { GateList, gatesInWords } from '@/components/gates/gate-list';
import { Panel } from '@/components/ui/panel';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { ChangesPanel } from './changes-panel';
import { ContentPanel } from './content-panel';
import { StandingPanel } from './standing-panel';
import { VotesPanel } from './votes-panel';

/** What changes, what is asked, how it stands and who has said what. */
export function ApprovalFacts({ packet }: { packet: ApprovalPacket }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="grid min-w-0 gap-4">
        <ChangesPanel packet={packet} />
        <ContentPanel packet={packet} />
      </div>
      <div className="grid min-w-0 gap-4">
        <VotesPanel packet={packet} />
        <StandingPanel packet={packet} />
        {packet.gates.length > 0 ? (
          <Panel title="Gates" description={gatesInWords(packet.gates)}>
            <GateList gates={packet.gates} className="-my-2" />
          </Panel>
        ) : null}
      </div>
    </div>
  );
}

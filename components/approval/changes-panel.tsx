import { TriangleAlert } from 'lucide-react';
import { CheckMark } from '@/components/composer/check-mark';
import { CommitList } from '@/components/composer/commit-list';
import { Mono } from '@/components/ui/code';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { ApprovalPacket } from '@/lib/gates/model/view';

const commits = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'commit' : 'commits'}`;

function Lists({ packet }: { packet: ApprovalPacket }) {
  const { commits: change, live } = packet;
  if (!change)
    return (
      <p className="text-sm text-ink-soft">
        {live ? 'The commits cannot be shown now.' : 'Nothing is live here yet: this is the first deployment.'}
      </p>
    );
  const { included, totalIncluded, leaving, totalLeaving } = change;
  if (totalIncluded + totalLeaving === 0)
    return <p className="text-sm text-ink-soft">The commit that is live already; nothing comes, nothing goes.</p>;
  return (
    <>
      {totalLeaving > 0 ? (
        <div className="rounded-md border border-warn/40 bg-warn-wash px-3 py-2">
          <CommitList
            title={
              <span className="inline-flex items-center gap-1.5">
                <TriangleAlert aria-hidden className="size-3.5 text-warn" />
                {commits(totalLeaving)} will be taken away
              </span>
            }
            commits={leaving}
            total={totalLeaving}
            first={4}
          />
        </div>
      ) : null}
      {totalIncluded > 0 ? (
        <CommitList
          title={`${commits(totalIncluded)} will go live`}
          commits={included}
          total={totalIncluded}
          first={5}
        />
      ) : null}
    </>
  );
}

/** What CI says of the very commit that is approved, wherever it comes from, and which checks count. */
function OwnChecks({ packet }: { packet: ApprovalPacket }) {
  const { checks, checksProblem, requiredChecks: names, deployment } = packet;
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm text-ink-soft">
      <Mono>{deployment.sha.slice(0, 7)}</Mono>
      {checks ? (
        <CheckMark state={checks} spelled named={names.length > 0} />
      ) : (
        <span className="min-w-0 wrap-anywhere">Its checks could not be read. {checksProblem}</span>
      )}
      {names.length > 0 ? <span className="min-w-0 wrap-anywhere">counted: {names.join(', ')}</span> : null}
    </p>
  );
}

/** The commits that come and go, each with its checks. */
export function ChangesPanel({ packet }: { packet: ApprovalPacket }) {
  const { commits: change, commitsProblem } = packet;
  return (
    <Panel
      title="What changes"
      actions={
        change?.url ? (
          <a href={change.url} target="_blank" rel="noreferrer" className="text-xs text-ink-soft hover:underline">
            Open the comparison
          </a>
        ) : null
      }
    >
      <div className="grid gap-3">
        <OwnChecks packet={packet} />
        {commitsProblem ? <Notice tone="warn" title={commitsProblem} /> : null}
        <Lists packet={packet} />
      </div>
    </Panel>
  );
}

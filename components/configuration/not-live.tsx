import { type Redeploy, RedeployPress } from '@/components/redeploy/redeploy-press';
import { Notice } from '@/components/ui/notice';
import type { ConfigurationView } from '@/lib/configuration/model/view';

/** Target by target what changed since it was deployed, and the press that deploys it once more. */
export function NotLive({
  view: { environment, targets, rows },
  redeploy,
  onEnded,
}: {
  view: ConfigurationView;
  redeploy: Redeploy;
  /** A deployment that may have brought them has ended. */
  onEnded: () => void;
}) {
  return targets.map(({ id, name, runtime, renew, live, next, notAgain }) => {
    const names = rows.flatMap((row) =>
      row.notLiveFor.some((each) => each.id === id && each.runtime === runtime) ? [row.name] : [],
    );
    if (names.length === 0) return null;
    if (renew !== null)
      return (
        <Notice key={`${id} ${name}`} tone="warn" title={`${names.length} changed, not live in ${name}`}>
          {names.join(', ')}: what runs there began with what there was before. {renew}
        </Notice>
      );
    if (!live) return null;
    return (
      <Notice
        key={`${id} ${name}`}
        tone="warn"
        title={`${names.length} changed, not live in ${name}`}
        action={
          <RedeployPress
            key={live.id}
            {...{ live, next, redeploy, onEnded }}
            targetId={id}
            where={name}
            approvals={environment.approvals}
            refusal={notAgain}
          />
        }
      >
        {names.join(', ')}: #{live.number} runs with what there was before. Deploying its commit again takes them in.
      </Notice>
    );
  });
}

import { type Redeploy, RedeployPress } from '@/components/redeploy/redeploy-press';
import { Notice } from '@/components/ui/notice';
import type { ConfigurationView, ConfiguredTarget } from '@/lib/configuration/model/view';

/** Target by target what changed or was removed since it was deployed, and the press that deploys it once more. */
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
  return targets.map((target) => {
    const { id, name, runtime, renew, live, next, notAgain } = target;
    const isOf = (each: { id: string; runtime: boolean }) => each.id === id && each.runtime === runtime;
    const changed = rows.flatMap((row) => (row.notLiveFor.some(isOf) ? [row.name] : []));
    const gone = rows.flatMap((row) => row.removedFor.filter(isOf).map(({ until }) => ({ name: row.name, until })));
    const removed = gone.map((each) => each.name);
    // What is on its way takes them away by itself: one more deployment would only be the same again.
    const passes = gone.length > 0 && gone.every(({ until }) => until === 'roll-out');
    // Without a deployment of ours nobody can say what it began with; of what was removed the provider itself says so.
    const known = renew !== null || live !== null ? changed : [];
    if (known.length + removed.length === 0) return null;
    const press =
      renew === null && live && !(passes && known.length === 0) ? (
        <RedeployPress
          key={live.id}
          {...{ live, next, redeploy, onEnded }}
          targetId={id}
          where={name}
          approvals={environment.approvals}
          refusal={notAgain}
        />
      ) : null;
    return (
      <Notice
        key={`${id} ${name}`}
        tone="warn"
        title={titleOf(known.length, removed.length, name)}
        {...(press ? { action: press } : {})}
      >
        {known.length > 0 ? `${known.join(', ')}: ${changedSays(target)}` : null}{' '}
        {removed.length > 0
          ? `${removed.join(', ')}: ${removedSays(target, { passes, isSaid: known.length > 0 })}`
          : null}
      </Notice>
    );
  });
}

function titleOf(changed: number, removed: number, name: string): string {
  if (removed === 0) return `${changed} changed, not live in ${name}`;
  return changed === 0
    ? `${removed} removed, still live in ${name}`
    : `${changed} changed, not live, and ${removed} removed, still live in ${name}`;
}

function changedSays({ renew, live }: ConfiguredTarget): string {
  if (renew !== null) return `what runs there began with what there was before. ${renew}`;
  return `#${live?.number} runs with what there was before. Deploying its commit again takes them in.`;
}

function removedSays(
  { renew, live }: ConfiguredTarget,
  { passes, isSaid }: { passes: boolean; isSaid: boolean },
): string {
  if (passes) return 'removed, still live until the deployment that is on its way is completed.';
  if (renew !== null) return `removed, and what runs there still has it.${isSaid ? '' : ` ${renew}`}`;
  return `removed, still live until the next deployment.${live ? ` Deploying #${live.number} again takes it away.` : ''}`;
}

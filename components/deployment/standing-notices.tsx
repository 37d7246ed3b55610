import { deploymentHref } from '@/components/deployments/deployment-row';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DeploymentDetail } from '@/lib/deployments/model/view';

function Accepted({ deployment }: { deployment: DeploymentDetail }) {
  const { provider, acceptedAt, deadlineAt } = deployment;
  if (!acceptedAt) return null;
  return (
    <Notice tone="busy" live title="Accepted, not live yet">
      {provider.label} said done <RelativeTime at={acceptedAt} />. Until what runs says so itself, it does not count as
      live.
      {deadlineAt ? (
        <>
          {' '}
          The console looks until <RelativeTime at={deadlineAt} />.
        </>
      ) : null}
    </Notice>
  );
}

/** By what: another deployment, or what its host serves and nobody here put there. */
function Superseded({ deployment: { supersededBy, failure, provider } }: { deployment: DeploymentDetail }) {
  const by = supersededBy ? `#${supersededBy.number}` : 'Something else';
  return (
    <Notice tone="neutral" title={`${by} took its place before it was sent`}>
      {failure ? `${failure.sentence} ` : null}
      It was never sent to {provider.label}.{' '}
      {supersededBy ? (
        <Link href={deploymentHref(supersededBy)} className="underline underline-offset-3">
          Open #{supersededBy.number}
        </Link>
      ) : null}
    </Notice>
  );
}

/** What is true of it beside its status: each says since when, who, and what follows. */
export function StandingNotices({ deployment }: { deployment: DeploymentDetail }) {
  const { trouble, attention, provider, cancelRequestedBy, status, freezeOverride } = deployment;
  return (
    <>
      {trouble && !attention ? (
        <Notice tone="warn" title={trouble}>
          The console goes on asking {provider.label}; what you see may be old.
        </Notice>
      ) : null}
      {cancelRequestedBy && status === 'cancelling' ? (
        <Notice tone="warn" title={`${cancelRequestedBy} asked to cancel it`}>
          {provider.runsAt} has not confirmed yet; it may still finish first.
        </Notice>
      ) : null}
      {status === 'verifying' ? <Accepted deployment={deployment} /> : null}
      {status === 'superseded' ? <Superseded deployment={deployment} /> : null}
      {freezeOverride ? (
        <Notice tone="warn" title={`${freezeOverride.by} let it through the freeze`}>
          “{freezeOverride.reason}” <RelativeTime at={freezeOverride.at} className="text-xs text-ink-faint" />
        </Notice>
      ) : null}
    </>
  );
}

import { Mono } from '@/components/ui/code';
import { Notice } from '@/components/ui/notice';
import { MODE_WORDS } from '@/lib/rendering/model/mode';
import type { PreflightView } from '@/lib/rendering/model/preflight-view';
import { FindingList } from './finding-list';
import { RoutesChange } from './routes-change';

/** What stands in the way, what should be known, which routes come and go, and what is set at the host. */
export function PreflightReport({ found }: { found: PreflightView }) {
  const { blockers, warnings, revision, sources } = found;
  return (
    <div className="grid gap-4">
      <Verdict found={found} />
      <FindingList title="In the way" tone="bad" findings={blockers} />
      <FindingList title="To be known" tone="warn" findings={warnings} />
      <RoutesChange found={found} />
      <Steps found={found} />
      <p className="text-xs text-ink-faint">
        {revision ? (
          <>
            Looked at {revision.ref} at <Mono>{revision.sha.slice(0, 7)}</Mono>
          </>
        ) : (
          'No commit was found to look at'
        )}
        {sources
          ? `: ${sources.files} ${sources.files === 1 ? 'file' : 'files'} in ${sources.folder || 'the repository'}. What packages do inside was not looked into.`
          : '.'}
      </p>
    </div>
  );
}

function Verdict({ found: { blockers, warnings, mode } }: { found: PreflightView }) {
  const { short } = MODE_WORDS[mode];
  if (blockers.length > 0) return <Notice live tone="bad" title={`It cannot be built as ${short} as it is`} />;
  return (
    <Notice live tone="good" title="Nothing was found that stands in the way">
      {warnings.length > 0 ? 'Read what is to be known below: some of it could not be looked into. ' : null}
      If the build finds something all the same, it fails and what is live stays as it is.
    </Notice>
  );
}

/** What the press of the button does, in order. */
function Steps({ found: { variables, host, mode, target } }: { found: PreflightView }) {
  const { short } = MODE_WORDS[mode];
  return (
    <section aria-label="What it does" className="grid gap-1.5 text-sm">
      <h3 className="text-xs font-medium text-ink-soft">What it does</h3>
      <ol className="grid list-decimal gap-1 pl-5">
        {variables.map(({ name, from, to }) => (
          <li key={name}>
            Sets <Mono>{name}</Mono> at {host} from {from ?? 'not set'} to {to}.
          </li>
        ))}
        <li>Builds and deploys it to {target.environment.name}, through the same gates as every deployment.</li>
        <li>Looks from outside whether {short} is live. Until that is shown, what was live counts as live.</li>
        <li>A roll-back brings the mode of before back.</li>
      </ol>
    </section>
  );
}

'use client';

import { useLiveQuery } from '@/components/live/use-live-query';
import { Notice } from '@/components/ui/notice';
import { type Planned, type RemoteRulesView, remoteRules } from '@/lib/gates/model/remote-rules';

interface RemoteRulesProps {
  targetId: string;
  gitRef: string;
  refKind: Planned['refKind'];
  inputs: Planned['inputs'];
}

/** What the provider itself would ask for, or refuse, once a run of this gets there; quiet when that is nothing. */
export function RemoteRules({ targetId, gitRef, refKind, inputs }: RemoteRulesProps) {
  const { data } = useLiveQuery<RemoteRulesView>({
    queryKey: ['target', targetId, 'rules', gitRef],
    path: `/api/v1/targets/${encodeURIComponent(targetId)}/rules?ref=${encodeURIComponent(gitRef)}`,
    enabled: gitRef !== '',
  });
  if (!data) return null;
  const rules = remoteRules(data, { ref: gitRef, refKind, inputs });
  if (rules.length === 0)
    return data.notice && data.uses.length > 0 ? <Notice tone="neutral" title={data.notice} /> : null;
  const refused = rules.some(({ tone }) => tone === 'refused');
  const [only] = rules;
  return (
    <Notice
      tone={refused ? 'warn' : 'neutral'}
      live
      title={
        rules.length === 1 && only
          ? only.sentence
          : refused
            ? `${data.providerLabel} would not let this through`
            : `${data.providerLabel} asks for more than this console does`
      }
    >
      {rules.length > 1 ? (
        <ul className="grid list-disc gap-0.5 pl-4">
          {rules.map(({ sentence }) => (
            <li key={sentence} className="wrap-anywhere">
              {sentence}
            </li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}

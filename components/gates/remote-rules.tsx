'use client';

import { useEffect } from 'react';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Checkbox } from '@/components/ui/choice';
import { Notice } from '@/components/ui/notice';
import { offerOf } from '@/lib/gates/model/ahead-offer';
import { meantBy } from '@/lib/gates/model/given-ahead';
import { type Planned, type RemoteRulesView, remoteRules } from '@/lib/gates/model/remote-rules';

interface RemoteRulesProps {
  targetId: string;
  gitRef: string;
  refKind: Planned['refKind'];
  inputs: Planned['inputs'];
  /** Where somebody may say yes to it together with their approval here. */
  ahead?: {
    chosen: readonly string[];
    onChange: (environments: readonly string[]) => void;
    /** What the box beside the press stands for now; empty while none is shown. */
    onOffered: (environments: readonly string[]) => void;
  };
}

const NONE: readonly string[] = [];

/** What the provider itself would ask for, or refuse, once a run of this gets there; quiet when that is nothing. */
export function RemoteRules({ targetId, gitRef, refKind, inputs, ahead }: RemoteRulesProps) {
  const { data } = useLiveQuery<RemoteRulesView>({
    queryKey: ['target', targetId, 'rules', gitRef],
    path: `/api/v1/targets/${encodeURIComponent(targetId)}/rules?ref=${encodeURIComponent(gitRef)}`,
    enabled: gitRef !== '',
  });
  const offer = data ? offerOf(data, { ref: gitRef, refKind, inputs }) : null;
  useOffered(offer?.environments ?? NONE, ahead?.onOffered);
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
      {ahead && offer ? <Ahead {...{ ...offer, ...ahead }} label={data.providerLabel} /> : null}
    </Notice>
  );
}

/** Says upwards what is offered, by name: the same names again are no news. */
function useOffered(environments: readonly string[], onOffered?: (environments: readonly string[]) => void): void {
  const names = JSON.stringify(environments);
  useEffect(() => {
    onOffered?.(JSON.parse(names) as string[]);
    return () => onOffered?.(NONE);
  }, [names, onOffered]);
}

export interface AheadProps {
  environments: readonly string[];
  /** Why this person cannot be the one who answers there; then nothing is offered. */
  cannot: string | null;
  label: string;
  chosen: readonly string[];
  onChange: (environments: readonly string[]) => void;
}

/** One press for both: said here, carried out by this page once the provider asks. */
export function Ahead({ environments, cannot, label, chosen, onChange }: AheadProps) {
  if (cannot !== null)
    return <p className="mt-1 text-xs text-ink-faint">It cannot be approved together with this: {cannot}</p>;
  return (
    <Checkbox
      className="mt-1"
      // What it asks may be another thing by now: then it is another question, and nobody has answered it.
      checked={meantBy(chosen, environments).length > 0}
      onChange={(event) => onChange(event.target.checked ? environments : NONE)}
      label={`With my approval here, approve ${environments.join(', ')} at ${label} too, as soon as it asks`}
      hint={`With your own token, one gate after the other, and only while this page stays open. Before production you are asked again who you are where your last proof is older than 15 minutes, so come back to this page then. Anything else that it asks by then waits for you.`}
    />
  );
}

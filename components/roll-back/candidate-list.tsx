'use client';

import { BadgeCheck } from 'lucide-react';
import { useState } from 'react';
import { RevisionMark } from '@/components/deployments/deployment-row';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DeploymentSummary } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';

const FIRST = 5;

interface CandidateListProps {
  candidates: readonly DeploymentSummary[];
  chosenId: string | null;
  onChoose: (deploymentId: string) => void;
  legend?: string;
  /** Beside the number: where it went, for builds of several environments. */
  shows?: 'environment';
}

interface CandidateProps {
  of: DeploymentSummary;
  chosen: boolean;
  where: boolean;
  onChoose: () => void;
}

function Candidate({ of, chosen, where, onChoose }: CandidateProps) {
  return (
    <label
      className={cn(
        'flex min-w-0 cursor-pointer items-start gap-2.5 px-4 py-2.5 text-sm hover:bg-raised/60 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent',
        chosen && 'bg-accent-wash hover:bg-accent-wash',
      )}
    >
      <input
        type="radio"
        name="candidate"
        value={of.id}
        checked={chosen}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
      />
      <span className="grid min-w-0 flex-1 gap-0.5">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2">
          <span className="font-medium">#{of.number}</span>
          {where ? <span>{withLabel(of.environment.name, of.label)}</span> : null}
          <RevisionMark revision={of.revision} />
          <span className="inline-flex items-center gap-1 text-xs text-good">
            <BadgeCheck aria-hidden className="size-3.5" />
            verified
          </span>
        </span>
        <span className="min-w-0 break-words text-ink-soft">{of.revision.message.split('\n')[0]}</span>
        <span className="text-xs text-ink-faint">
          by {of.requestedBy.name}, <RelativeTime at={of.finishedAt ?? of.requestedAt} />
        </span>
      </span>
    </label>
  );
}

/** Where it can go back to: what was live and verified, newest first. */
export function CandidateList({ candidates, chosenId, onChoose, legend = 'Go back to', shows }: CandidateListProps) {
  const [all, setAll] = useState(false);
  const shown = all ? candidates : candidates.filter((each, at) => at < FIRST || each.id === chosenId);
  return (
    <fieldset>
      <legend className="sr-only">{legend}</legend>
      <div className="divide-y divide-line">
        {shown.map((each) => (
          <Candidate
            key={each.id}
            of={each}
            chosen={each.id === chosenId}
            where={shows === 'environment'}
            onChoose={() => onChoose(each.id)}
          />
        ))}
      </div>
      {candidates.length > shown.length ? (
        <div className="border-t border-line px-3 py-1.5">
          <Button size="sm" variant="quiet" onClick={() => setAll(true)}>
            Show all {candidates.length}
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}

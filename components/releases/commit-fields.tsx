'use client';

import { Field } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import type { ReleaseRepository } from '@/lib/releases/model/view';
import { withLabel } from '@/lib/targets/model/label';

const OTHER = 'other';

interface CommitFieldsProps {
  repository: ReleaseRepository;
  sha: string;
  error: string | undefined;
  onChange: (sha: string) => void;
}

/** A commit that is live, or any other by its full id. */
export function CommitFields({ repository, sha, error, onChange }: CommitFieldsProps) {
  const known = repository.live.some((each) => each.sha === sha);
  return (
    <>
      <Field label="Commit" required hint="What is live is known to work." error={known ? error : undefined}>
        <NativeSelect
          value={known ? sha : OTHER}
          onChange={(event) => onChange(event.target.value === OTHER ? '' : event.target.value)}
        >
          {repository.live.map((each) => (
            <option key={each.sha} value={each.sha}>
              {each.sha.slice(0, 7)}, live as {each.component} in {withLabel(each.environment, each.label)}, #
              {each.number}
            </option>
          ))}
          <option value={OTHER}>Another commit…</option>
        </NativeSelect>
      </Field>
      {known ? null : (
        <Field label="Id of the commit" required error={error} hint="All 40 characters, as git shows it.">
          <Input
            value={sha}
            spellCheck={false}
            autoComplete="off"
            maxLength={40}
            onChange={(event) => onChange(event.target.value.trim())}
          />
        </Field>
      )}
    </>
  );
}

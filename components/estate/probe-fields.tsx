'use client';

import { useQuery } from '@tanstack/react-query';
import { fetchJson, sentenceOf } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { ProbeCheck } from '@/lib/targets/model/view';
import { type ProbeDraft, probeOf } from './probe-draft';

interface ProbeFieldsProps {
  draft: ProbeDraft;
  errors: Record<string, string>;
  onChange: (draft: ProbeDraft) => void;
}

/** Where the deployed thing itself says its version, so that "done" at the provider is not taken for live. */
export function ProbeFields({ draft, errors, onChange }: ProbeFieldsProps) {
  const error = (name: string) => errors[`probe.${name}`];
  return (
    <fieldset className="grid min-w-0 gap-4">
      <legend className="mb-1 text-sm font-medium">
        Version address <span className="ml-0.5 text-xs font-normal text-ink-faint">optional</span>
      </legend>
      <p className="text-xs text-ink-faint">
        A deployment counts as live when this address says its version. Without one, the provider is read back.
      </p>
      <Field label="Address" required={draft.url !== ''} error={error('url') ?? errors.probe}>
        <Input
          name="probe-url"
          type="url"
          value={draft.url}
          placeholder="https://api.example.com/version"
          onChange={(event) => onChange({ ...draft, url: event.target.value })}
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      {draft.url === '' ? null : (
        <ProbeDetails draft={draft} error={error} onChange={(changes) => onChange({ ...draft, ...changes })} />
      )}
    </fieldset>
  );
}

interface ProbeDetailsProps {
  draft: ProbeDraft;
  error: (name: string) => string | undefined;
  onChange: (changes: Partial<ProbeDraft>) => void;
}

function ProbeDetails({ draft, error, onChange }: ProbeDetailsProps) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="It says" required error={error('says')}>
          <NativeSelect
            value={draft.says}
            onChange={(event) => onChange({ says: event.target.value === 'version' ? 'version' : 'sha' })}
          >
            <option value="sha">the commit</option>
            <option value="version">the version</option>
          </NativeSelect>
        </Field>
        <Field label="Field" error={error('field')} hint="In a JSON answer, such as build.sha. Empty: the whole text.">
          <Input
            name="probe-field"
            value={draft.field}
            onChange={(event) => onChange({ field: event.target.value })}
            maxLength={100}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
          />
        </Field>
        <Field label="Within minutes" required error={error('withinMinutes')} hint="After the provider says done.">
          <Input
            name="probe-minutes"
            inputMode="numeric"
            value={draft.withinMinutes}
            onChange={(event) => onChange({ withinMinutes: event.target.value })}
            maxLength={2}
            autoComplete="off"
          />
        </Field>
      </div>
      <TryIt draft={draft} />
    </>
  );
}

/** Asks the address once, from the server, and shows what it says. */
function TryIt({ draft }: { draft: ProbeDraft }) {
  const probe = JSON.stringify(probeOf(draft));
  const answer = useQuery<ProbeCheck>({
    queryKey: ['estate', 'probe', probe],
    queryFn: ({ signal }) =>
      fetchJson<ProbeCheck>(`/api/v1/targets/check-probe?${new URLSearchParams({ probe })}`, signal),
    enabled: false,
    retry: false,
  });
  const { data, error, isFetching } = answer;
  return (
    <div className="grid gap-2">
      <div>
        <Button size="sm" pending={isFetching} onClick={() => void answer.refetch()}>
          Try it
        </Button>
      </div>
      {error && !isFetching ? <Notice tone="bad" live title={sentenceOf(error)} /> : null}
      {data && !error && !isFetching ? (
        <Notice tone={data.usable ? 'good' : 'warn'} live title={data.sentence} />
      ) : null}
    </div>
  );
}

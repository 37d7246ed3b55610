'use client';

import { useState } from 'react';
import { fetchJson, sentenceOf } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import type { NotesView } from '@/lib/releases/model/view';

interface NotesFieldProps {
  place: { connectionId: string; repository: string; tag: string; sha: string; previousTag: string };
  value: string;
  error: string | undefined;
  onChange: (notes: string) => void;
}

/** What is new, written by the provider when asked, and changed by hand before anything is made. */
export function NotesField({ place, value, error, onChange }: NotesFieldProps) {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [configuration, setConfiguration] = useState('');
  const { connectionId, repository, tag, sha, previousTag } = place;

  async function write() {
    setPending(true);
    setProblem(null);
    try {
      const query = new URLSearchParams({ connectionId, repository, tag, sha, previousTag, configuration });
      onChange((await fetchJson<NotesView>(`/api/v1/releases/notes?${query}`)).body);
    } catch (failure) {
      setProblem(sentenceOf(failure));
    } finally {
      setPending(false);
    }
  }

  const missing = sha.length === 40 && tag !== '' ? null : 'Choose a commit and a version first.';
  return (
    <div className="grid gap-2">
      <Field label="What is new" error={error ?? problem} hint="Markdown. Nothing is made by writing it.">
        <Textarea value={value} rows={8} maxLength={100_000} onChange={(event) => onChange(event.target.value)} />
      </Field>
      <details className="text-sm">
        <summary className="cursor-pointer text-ink-soft">Grouped by a file of the repository</summary>
        <Field label="Its path" hint="Only where it is not at the provider’s own place." className="mt-2">
          <Input value={configuration} spellCheck={false} onChange={(event) => setConfiguration(event.target.value)} />
        </Field>
      </details>
      <Button size="sm" className="justify-self-start" pending={pending} disabledReason={missing} onClick={write}>
        {value === '' ? 'Write it from the commits' : 'Write it again from the commits'}
      </Button>
    </div>
  );
}

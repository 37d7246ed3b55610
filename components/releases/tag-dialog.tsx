'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { EditFrame } from '@/components/estate/edit-frame';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import type { ReleaseRepository } from '@/lib/releases/model/view';
import { CommitFields } from './commit-fields';
import type { ReleaseActions } from './release-actions';

interface TagDialogProps {
  repository: ReleaseRepository;
  tag: ReleaseActions['tag'];
  onClose: () => void;
}

/** An annotated tag and nothing else. */
export function TagDialog({ repository, tag, onClose }: TagDialogProps) {
  const [sha, setSha] = useState(repository.live[0]?.sha ?? '');
  const { run, pending, refusal, fields } = useAction(tag);

  async function save(form: FormData) {
    const { connectionId, repository: name } = repository;
    const text = (field: string) => String(form.get(field) ?? '');
    const done = await run({ connectionId, repository: name, tag: text('tag'), sha, message: text('message') });
    if (!done.ok) return;
    notify({ tone: 'good', title: done.value.made ? `Tagged ${done.value.tag}` : 'The tag was there already' });
    onClose();
  }

  return (
    <EditFrame
      title="Tag a commit"
      submit="Make the tag"
      size="md"
      pending={pending}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
    >
      <p className="text-sm text-ink-soft">A tag is never moved from here. A workflow that runs on tags is started.</p>
      <CommitFields repository={repository} sha={sha} error={fields['sha']} onChange={setSha} />
      <Field label="Tag" required error={fields['tag']}>
        <Input name="tag" spellCheck={false} autoComplete="off" />
      </Field>
      <Field label="What it marks" required error={fields['message']}>
        <Input name="message" maxLength={500} />
      </Field>
    </EditFrame>
  );
}

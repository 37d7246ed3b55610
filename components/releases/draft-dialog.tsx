'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { EditFrame } from '@/components/estate/edit-frame';
import { Checkbox } from '@/components/ui/choice';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import { earlierTags, nextTag } from '@/lib/releases/model/next-version';
import type { ReleaseRepository } from '@/lib/releases/model/view';
import { CommitFields } from './commit-fields';
import { NotesField } from './notes-field';
import type { ReleaseActions } from './release-actions';

interface DraftDialogProps {
  repository: ReleaseRepository;
  create: ReleaseActions['create'];
  onClose: () => void;
}

/** A version of one commit, with what is new shown before anything is made. */
export function DraftDialog({ repository, create, onClose }: DraftDialogProps) {
  const tags = repository.tags.map(({ name }) => name);
  const [slug, setSlug] = useState(repository.components[0]?.slug ?? '');
  const [tag, setTag] = useState(() => nextTag(tags, slug));
  const [previousTag, setPreviousTag] = useState(() => earlierTags(tags, slug)[0] ?? '');
  const [sha, setSha] = useState(repository.live[0]?.sha ?? '');
  const [notes, setNotes] = useState('');
  const [draft, setDraft] = useState(true);
  // One key for this form: a second press finds what the first one made.
  const [key] = useState(() => crypto.randomUUID());
  const { run, pending, refusal, fields } = useAction(create);

  function choose(next: string) {
    setSlug(next);
    setTag(nextTag(tags, next));
    setPreviousTag(earlierTags(tags, next)[0] ?? '');
  }

  async function save(form: FormData) {
    const { connectionId, repository: name } = repository;
    const done = await run({
      ...{ connectionId, repository: name, tag, sha, notes, draft, key },
      name: String(form.get('name') ?? ''),
      preRelease: form.get('preRelease') === 'on',
      latest: form.get('latest') === 'on',
    });
    if (!done.ok) return;
    notify({ tone: 'good', title: done.value.draft ? `Drafted ${tag}` : `Published ${tag}` });
    onClose();
  }

  return (
    <EditFrame
      title="Draft a release"
      submit={draft ? 'Save the draft' : `Publish ${tag}`}
      size="md"
      pending={pending}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
    >
      <ComponentField components={repository.components} value={slug} onChange={choose} />
      <CommitFields repository={repository} sha={sha} error={fields['sha']} onChange={setSha} />
      <Field label="Version (its tag)" required error={fields['tag']}>
        <Input value={tag} spellCheck={false} autoComplete="off" onChange={(event) => setTag(event.target.value)} />
      </Field>
      <Field label="Name" error={fields['name']} hint="The version when it is left empty.">
        <Input name="name" maxLength={200} />
      </Field>
      <Field label="The version before" hint="What is new is counted from there.">
        <NativeSelect value={previousTag} onChange={(event) => setPreviousTag(event.target.value)}>
          <option value="">What the provider takes for it</option>
          {tags.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </NativeSelect>
      </Field>
      <NotesField
        place={{ ...repository, tag, sha, previousTag }}
        value={notes}
        error={fields['notes']}
        onChange={setNotes}
      />
      <Checkbox name="preRelease" label="Pre-release" hint="Not for everybody yet." />
      <Checkbox
        label="Keep it as a draft"
        hint="Only those who may write see it, and its tag is made when it is published."
        checked={draft}
        onChange={(event) => setDraft(event.target.checked)}
      />
      {draft ? null : <Checkbox name="latest" label="Show it as the latest of this repository" />}
    </EditFrame>
  );
}

interface ComponentFieldProps {
  components: ReleaseRepository['components'];
  value: string;
  onChange: (slug: string) => void;
}

function ComponentField({ components, value, onChange }: ComponentFieldProps) {
  if (components.length < 2) return null;
  return (
    <Field label="Component" hint="Only for the names that are offered.">
      <NativeSelect value={value} onChange={(event) => onChange(event.target.value)}>
        {components.map((each) => (
          <option key={each.slug} value={each.slug}>
            {each.name}
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
}

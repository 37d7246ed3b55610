'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { EditFrame } from '@/components/estate/edit-frame';
import { RadioGroup } from '@/components/ui/choice';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import { CLASS_WORDS, CLASSES, type Class } from '@/lib/observability/model/classes';
import type { DoraRow } from '@/lib/observability/model/dora-view';
import type { ClassifyActions } from './classify-actions';

interface ClassifyDialogProps {
  row: DoraRow;
  classify: ClassifyActions['classify'];
  onClose: () => void;
}

const optionsOf = (words: readonly Class[]) =>
  words.map((word) => ({ value: word, label: CLASS_WORDS[word].label, hint: CLASS_WORDS[word].says }));

/** What is said most often, of what applies. */
const USUAL = ['sound_change', 'planned'] as const;

/** Says how one deployment counts, against the rule. Everybody reads who said it, and why. */
export function ClassifyDialog({ row, classify, onClose }: ClassifyDialogProps) {
  const { number, id } = row.deployment;
  const [word, setWord] = useState<Class>(USUAL.find((each) => row.words.includes(each)) ?? 'left_out');
  const { run, pending, refusal, fields } = useAction(classify);

  async function save(form: FormData) {
    const done = await run({ deploymentId: id, word, reason: String(form.get('reason') ?? '') });
    if (!done.ok) return;
    notify({ tone: 'good', title: `#${number} counts as “${CLASS_WORDS[word].label}”` });
    onClose();
  }

  return (
    <EditFrame
      title={`How #${number} counts`}
      submit="Say so"
      pending={pending}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
    >
      <p className="text-sm text-ink-soft">By the rule: {row.byRule}</p>
      <RadioGroup
        legend="It counts as"
        name="word"
        options={optionsOf(row.words)}
        value={word}
        onValueChange={(value) => setWord(CLASSES.find((each) => each === value) ?? word)}
        error={fields['word']}
      />
      <Field label="Reason" required error={fields['reason']} hint="It stands beside the row, and in the audit log.">
        <Textarea name="reason" rows={2} maxLength={500} />
      </Field>
    </EditFrame>
  );
}

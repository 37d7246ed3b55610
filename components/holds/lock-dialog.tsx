'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { EditFrame } from '@/components/estate/edit-frame';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect, Textarea } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import type { LockInput } from '@/lib/gates/model/schemas';
import type { HoldsView } from '@/lib/gates/model/view';
import type { HoldActions } from './hold-actions';
import { draftInWords, EVERYTHING, type ScopeDraft, ScopeFields, targetsOf } from './scope-fields';

const HOUR = 3_600_000;

/** How long; minutes of the clock from now, or until a moment of the viewer's own. */
const EXPIRIES = [
  { value: 'open', label: 'Until somebody lifts it' },
  { value: '1', label: '1 hour' },
  { value: '4', label: '4 hours' },
  { value: 'morning', label: 'Until tomorrow, 9:00' },
  { value: '24', label: '1 day' },
  { value: '168', label: '1 week' },
  { value: 'moment', label: 'Until a moment…' },
] as const;

/** ISO 8601 in UTC, or null for open. `moment` is the wall clock of a datetime-local field. */
function expiryOf(choice: string, moment: string, now: Date): string | null {
  if (choice === 'open') return null;
  if (choice === 'morning') return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9).toISOString();
  if (choice !== 'moment') return new Date(now.getTime() + Number(choice) * HOUR).toISOString();
  const typed = new Date(moment);
  return Number.isNaN(typed.getTime()) ? '' : typed.toISOString();
}

interface LockDialogProps {
  scopes: HoldsView['scopes'];
  lock: HoldActions['lock'];
  /** What is chosen at the beginning. */
  initial?: ScopeDraft;
  onClose: () => void;
}

/** A component with one target in an environment is that target; several stay a pair. */
function lockOf(
  scopes: HoldsView['scopes'],
  scope: ScopeDraft,
): Pick<LockInput, 'environmentId' | 'componentId' | 'targetId'> {
  const targets = targetsOf(scopes, scope);
  const targetId = scope.targetId || (targets.length === 1 ? (targets[0]?.id ?? '') : '');
  if (targetId) return { targetId, environmentId: null, componentId: null };
  return { targetId: null, environmentId: scope.environmentId || null, componentId: scope.componentId || null };
}

/** Holds deployments back, from now on. */
export function LockDialog({ scopes, lock, initial = EVERYTHING, onClose }: LockDialogProps) {
  const [scope, setScope] = useState(initial);
  const [expiry, setExpiry] = useState('open');
  const [moment, setMoment] = useState('');
  const [badMoment, setBadMoment] = useState<string | null>(null);
  const { run, pending, refusal, fields } = useAction(lock);

  async function save(form: FormData) {
    const expiresAt = expiryOf(expiry, moment, new Date());
    setBadMoment(expiresAt === '' ? 'Enter a day and a time.' : null);
    if (expiresAt === '') return;
    const done = await run({ ...lockOf(scopes, scope), reason: String(form.get('reason') ?? ''), expiresAt });
    if (!done.ok) return;
    notify({ tone: 'good', title: `Locked: ${draftInWords(scopes, scope)}` });
    onClose();
  }

  return (
    <EditFrame
      title="Lock"
      submit={`Lock ${draftInWords(scopes, scope)}`}
      size="md"
      pending={pending}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
    >
      <p className="text-sm text-ink-soft">
        Nothing new goes live there until the lock ends. What is on its way already goes on; roll-backs are refused too.
      </p>
      <ScopeFields scopes={scopes} value={scope} onChange={setScope} targets />
      <Field label="Reason" required error={fields['reason']} hint="Everybody who is held back reads it.">
        <Textarea name="reason" rows={2} maxLength={500} />
      </Field>
      <Field label="Ends" required error={expiry === 'moment' ? undefined : fields['expiresAt']}>
        <NativeSelect value={expiry} onChange={(event) => setExpiry(event.target.value)}>
          {EXPIRIES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </NativeSelect>
      </Field>
      {expiry === 'moment' ? (
        <Field label="Until" required error={badMoment ?? fields['expiresAt']} hint="In your time zone.">
          <Input type="datetime-local" value={moment} onChange={(event) => setMoment(event.target.value)} />
        </Field>
      ) : null}
    </EditFrame>
  );
}

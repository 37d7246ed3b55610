'use client';

import { type FormEvent, useId, useState } from 'react';
import { toThisVersion } from '@/components/console/proof';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import type { ChangePlan, ChangeResult, ConfigurationView } from '@/lib/configuration/model/view';
import type { Refusal } from '@/lib/kernel/errors';
import type { ConfigurationActions } from './configuration-actions';
import type { Edited } from './configuration-screen';
import { PlanSteps } from './plan-steps';
import { draftOf, inputOf, type SettingDraft, SettingFields } from './setting-fields';

interface SettingDialogProps {
  view: ConfigurationView;
  edited: Edited;
  actions: ConfigurationActions;
  onClose: () => void;
}

const UNREACHABLE: Refusal = {
  code: 'unreachable',
  sentence: 'The console did not answer. Nothing was changed by this; try again.',
};

/** Enter, look at what would be done, then do it. The value is in this dialog and in the request, and nowhere else. */
export function SettingDialog({ view, edited, actions, onClose }: SettingDialogProps) {
  const formId = useId();
  const removing = edited.action === 'remove';
  const [draft, setDraft] = useState(() => draftOf(view, edited));
  const [plan, setPlan] = useState<ChangePlan | null>(null);
  const [done, setDone] = useState<ChangeResult | null>(null);
  const planning = usePlan(actions, removing);
  const change = useChange(actions, removing);

  async function look(from: SettingDraft) {
    change.clear();
    setDone(null);
    setPlan(await planning.run(view.environment.slug, from));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void look(draft);
  }

  async function carryOut(shown: string) {
    const result = await change.run(view.environment.slug, draft, shown);
    if (result.ok && result.value.complete) setDraft({ ...draft, value: '' });
    if (result.ok) setDone(result.value);
    // What stands there is not what was shown any more: look once more before anything is confirmed.
    else if (result.refusal.code === 'plan_changed') setPlan(null);
  }

  const open = done?.places.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown') ?? [];
  function again() {
    const next = { ...draft, places: open.map(({ place }) => place) };
    setDraft(next);
    void look(next);
  }

  const subject = edited.row ? edited.row.name : 'a setting';
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      size="lg"
      title={removing ? `Remove ${subject}` : edited.row ? `Write ${subject}` : 'Add a secret or a variable'}
      description={
        removing
          ? 'Only from the places that you choose. A removed value cannot be brought back from here. What is live already keeps what it took in, and no mark says so: deploy it once more to be rid of it there.'
          : 'It goes to the places that you choose and is kept nowhere else: nobody can read it back here.'
      }
      footer={
        <Footer
          {...{ formId, plan, done, removing, open: open.length }}
          pending={planning.pending || change.pending}
          onBack={() => setPlan(null)}
          onConfirm={() => plan && void carryOut(plan.shown)}
          onAgain={again}
        />
      }
    >
      {plan === null ? (
        <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
          <SettingFields view={view} edited={edited} draft={draft} onChange={setDraft} errors={planning.fields} />
        </form>
      ) : (
        <PlanSteps plan={plan} done={done} />
      )}
      {[planning.refusal, change.refusal].map((refusal) =>
        refusal ? <Notice key={refusal.code} live tone="bad" title={refusal.sentence} className="mt-4" /> : null,
      )}
    </Dialog>
  );
}

interface FooterProps {
  formId: string;
  plan: ChangePlan | null;
  done: ChangeResult | null;
  removing: boolean;
  /** Places that are not done. */
  open: number;
  pending: boolean;
  onBack: () => void;
  onConfirm: () => void;
  onAgain: () => void;
}

function Footer({ formId, plan, done, removing, open, pending, onBack, onConfirm, onAgain }: FooterProps) {
  if (done)
    return (
      <>
        <DialogClose asChild>
          <Button variant={open > 0 ? 'secondary' : 'primary'}>Close</Button>
        </DialogClose>
        {open > 0 ? (
          <Button variant="primary" pending={pending} onClick={onAgain}>
            Try the rest again
          </Button>
        ) : null}
      </>
    );
  if (plan === null)
    return (
      <>
        <DialogClose asChild>
          <Button>Not now</Button>
        </DialogClose>
        <Button type="submit" form={formId} variant="primary" pending={pending}>
          Show what it does
        </Button>
      </>
    );
  return (
    <>
      <Button onClick={onBack}>Back</Button>
      <Button
        variant={removing ? 'danger' : 'primary'}
        pending={pending}
        disabledReason={whyNotThis(plan)}
        onClick={onConfirm}
      >
        {removing ? 'Remove it' : 'Write it'}
      </Button>
    </>
  );
}

function whyNotThis({ steps }: ChangePlan): string | null {
  if (steps.some(({ step }) => step === 'refused')) return 'Go back and leave out the places that take nothing.';
  return steps.every(({ step }) => step === 'leave') ? 'There is nothing to do.' : null;
}

/** Looking changes nothing, so the page need not be read again after it. */
function usePlan(actions: ConfigurationActions, removing: boolean) {
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [fields, setFields] = useState<Record<string, string>>({});

  async function run(environment: string, draft: SettingDraft): Promise<ChangePlan | null> {
    setPending(true);
    setRefusal(null);
    setFields({});
    const { value, ...about } = inputOf(environment, draft);
    const asked = () => (removing ? actions.planRemoval(about) : actions.planSet({ ...about, value }));
    const result = await toThisVersion(asked).catch(() => ({ ok: false as const, refusal: UNREACHABLE, fields: {} }));
    setPending(false);
    if (result.ok) return result.value;
    setFields(result.fields ?? {});
    setRefusal(Object.keys(result.fields ?? {}).length > 0 ? null : result.refusal);
    return null;
  }
  return { run, pending, refusal, fields };
}

function useChange(actions: ConfigurationActions, removing: boolean) {
  const set = useAction(actions.set);
  const remove = useAction(actions.remove);
  const { pending, refusal, clear } = removing ? remove : set;

  function run(environment: string, draft: SettingDraft, shown: string) {
    const { value, ...about } = inputOf(environment, draft);
    return removing ? remove.run({ ...about, shown }) : set.run({ ...about, value, shown });
  }
  return { run, pending, refusal, clear };
}

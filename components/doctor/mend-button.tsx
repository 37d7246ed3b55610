'use client';

import { RotateCcw, ShieldCheck } from 'lucide-react';
import type { z } from 'zod';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { notify } from '@/components/ui/notify';
import type { connectionRef, deliveryRef } from '@/lib/connections/model/schemas';
import type { Mend } from '@/lib/doctor/model/view';
import type { Action } from '@/lib/kernel/result';
import type { CredentialReport } from '@/lib/providers/port';

/** The Server Actions of the doctor's page, as they arrive by props. */
export interface DoctorActions {
  check: Action<z.input<typeof connectionRef>, CredentialReport>;
  replay: Action<z.input<typeof deliveryRef>, unknown>;
}

interface MendButtonProps {
  mend: Mend;
  actions: DoctorActions;
  /** Why this person may not; null when they may. */
  disabledReason: string | null;
}

/** What mends a finding: a place to go to, or one press. */
export function MendButton({ mend, actions, disabledReason }: MendButtonProps) {
  if (mend.kind === 'link')
    return (
      <ButtonLink href={mend.to} size="sm">
        {mend.label}
      </ButtonLink>
    );
  return mend.kind === 'check' ? (
    <CheckButton id={mend.to} label={mend.label} check={actions.check} disabledReason={disabledReason} />
  ) : (
    <ReplayButton id={mend.to} label={mend.label} replay={actions.replay} disabledReason={disabledReason} />
  );
}

interface CheckButtonProps extends Pick<MendButtonProps, 'disabledReason'> {
  id: string;
  label: string;
  check: DoctorActions['check'];
}

/** Asks the provider whether it takes the credential: the only thing on this page that does. */
export function CheckButton({ id, label, check, disabledReason }: CheckButtonProps) {
  const checking = useAction(check);
  async function press() {
    const done = await checking.run({ id });
    if (!done.ok) return;
    const title = done.value.ok ? `It works, as ${done.value.account}` : 'It does not work';
    notify({ tone: done.value.ok ? 'good' : 'bad', title, id: 'check' });
  }
  return (
    <>
      <Button
        size="sm"
        icon={<ShieldCheck aria-hidden />}
        pending={checking.pending}
        onClick={press}
        disabledReason={disabledReason}
      >
        {label}
      </Button>
      <Refusal sentence={checking.refusal?.sentence} />
    </>
  );
}

interface ReplayButtonProps extends Pick<MendButtonProps, 'disabledReason'> {
  id: string;
  label: string;
  replay: DoctorActions['replay'];
}

function ReplayButton({ id, label, replay, disabledReason }: ReplayButtonProps) {
  const replaying = useAction(replay);
  async function press() {
    const done = await replaying.run({ deliveryId: id });
    if (done.ok) notify({ tone: 'good', title: 'It is processed once more', id: 'replay' });
  }
  return (
    <>
      <Button
        size="sm"
        icon={<RotateCcw aria-hidden />}
        pending={replaying.pending}
        onClick={press}
        disabledReason={disabledReason}
      >
        {label}
      </Button>
      <Refusal sentence={replaying.refusal?.sentence} />
    </>
  );
}

function Refusal({ sentence }: { sentence: string | undefined }) {
  return sentence ? (
    <p role="alert" className="basis-full text-sm text-bad">
      {sentence}
    </p>
  ) : null;
}

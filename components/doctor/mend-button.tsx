'use client';

import { RotateCcw, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { tellCheck } from '@/components/connections/tell-check';
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
    if (done.ok) tellCheck(done.value);
  }
  const { pending, refusal } = checking;
  return <Press icon={<ShieldCheck aria-hidden />} onPress={press} {...{ label, pending, refusal, disabledReason }} />;
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
  const { pending, refusal } = replaying;
  return <Press icon={<RotateCcw aria-hidden />} onPress={press} {...{ label, pending, refusal, disabledReason }} />;
}

interface PressProps extends Pick<MendButtonProps, 'disabledReason'> {
  icon: ReactNode;
  label: string;
  pending: boolean;
  refusal: { sentence: string } | null;
  onPress: () => void;
}

function Press({ icon, label, pending, refusal, disabledReason, onPress }: PressProps) {
  return (
    <>
      <Button size="sm" icon={icon} pending={pending} onClick={onPress} disabledReason={disabledReason}>
        {label}
      </Button>
      {refusal ? (
        <p role="alert" className="basis-full text-sm text-bad">
          {refusal.sentence}
        </p>
      ) : null}
    </>
  );
}

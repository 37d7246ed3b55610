'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { IdentityButton } from '@/components/members/identity-button';
import { PasswordField } from '@/components/members/password-field';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import type { Action, ProofWay } from '@/lib/kernel/result';
import { askWith, toThisVersion } from './proof';

export interface ProofDialogProps {
  prove: Action<{ password: string }, void>;
  identities: readonly { id: string; label: string }[];
}

/** Asks a person once more who they are before something risky goes through, then lets it. Once in the frame. */
export function ProofDialog({ prove, identities }: ProofDialogProps) {
  const [way, setWay] = useState<ProofWay | null>(null);
  const answer = useRef<(proven: boolean) => void>(() => {});

  useEffect(
    () =>
      askWith((wanted) => {
        setWay(wanted);
        return new Promise((resolve) => {
          answer.current = resolve;
        });
      }),
    [],
  );

  function close(proven: boolean) {
    setWay(null);
    answer.current(proven);
  }

  return (
    <Dialog
      open={way !== null}
      onOpenChange={(open) => {
        if (!open) close(false);
      }}
      size="sm"
      title="Is it you?"
      description="This is asked before risky changes when your last proof is a while ago. What you entered is kept."
    >
      {way === 'password' ? <PasswordForm prove={prove} onProven={() => close(true)} /> : null}
      {way === 'identity' ? <Identities identities={identities} /> : null}
    </Dialog>
  );
}

function PasswordForm({ prove, onProven }: Pick<ProofDialogProps, 'prove'> & { onProven: () => void }) {
  const [password, setPassword] = useState('');
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setPending(true);
    const result = await toThisVersion(() => prove({ password })).catch(() => null);
    setPending(false);
    if (result?.ok) return onProven();
    setProblem(result?.refusal.sentence ?? 'The console did not answer. Check your connection and try again.');
  }

  return (
    <form onSubmit={submit} method="post" noValidate className="grid gap-4">
      <PasswordField
        autoFocus
        autoComplete="current-password"
        label="Your password"
        error={problem}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <div className="flex justify-end gap-2 max-sm:[&>*]:flex-1">
        <DialogClose asChild>
          <Button>Not now</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={pending}>
          Go on
        </Button>
      </div>
    </form>
  );
}

function Identities({ identities }: Pick<ProofDialogProps, 'identities'>) {
  const here = `${window.location.pathname}${window.location.search}`;
  return (
    <div className="grid gap-3">
      {identities.map((each) => (
        <IdentityButton key={each.id} provider={each} callbackUrl={here} />
      ))}
      {identities.length === 0 ? (
        <Notice tone="warn" title="There is no way to ask you here. Sign out and in again, then repeat it." />
      ) : null}
    </div>
  );
}

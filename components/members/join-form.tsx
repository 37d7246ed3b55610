'use client';

import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { Action } from '@/lib/kernel/result';
import { passwordProblem } from '@/lib/members/model/password-rules';
import type { acceptInvitationInput } from '@/lib/members/model/schemas';
import { IdentityButton, OrLine } from './identity-button';
import { PasswordField } from './password-field';
import { type Entered, useEntryAction, useFragmentToken } from './use-entry-action';

interface JoinFormProps {
  join: Action<z.input<typeof acceptInvitationInput>, Entered>;
  /** Keeps the link for the way to an identity provider and back. */
  remember: Action<{ token: string }, unknown>;
  providers: readonly { id: string; label: string }[];
}

/** An invitation, or a link for a new password: choose it, and be in. */
export function JoinForm({ join, remember, providers }: JoinFormProps) {
  const entry = useEntryAction(join);
  const token = useFragmentToken();
  const [password, setPassword] = useState('');
  const [left, setLeft] = useState(false);
  const weak = left && password !== '' ? passwordProblem(password, '') : null;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setLeft(true);
    await entry.run({ token: token ?? '', password });
  }

  async function prepare() {
    const kept = await remember({ token: token ?? '' });
    if (!kept.ok) throw new Error(kept.refusal.code);
  }

  if (token === '') {
    return (
      <Notice tone="warn" title="This link is incomplete">
        Open the whole link that you were sent; it ends in # and a long code.
      </Notice>
    );
  }
  return (
    <>
      <form onSubmit={submit} method="post" noValidate className="grid gap-4">
        {entry.refusal && entry.refusal.code !== 'invalid_input' ? (
          <Notice tone="bad" live title={entry.refusal.sentence} />
        ) : null}
        {entry.fields.token ? <Notice tone="bad" live title={entry.fields.token} /> : null}
        <PasswordField
          label="New password"
          autoComplete="new-password"
          hint="At least 12 characters; a few unrelated words are easiest."
          error={entry.fields.password ?? weak}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          onBlur={() => setLeft(true)}
          autoFocus
        />
        <Button type="submit" variant="primary" className="h-10 w-full justify-center" pending={entry.pending}>
          Set the password and sign in
        </Button>
      </form>
      {providers.length > 0 ? <OrLine /> : null}
      {providers.map((provider) => (
        <IdentityButton key={provider.id} provider={provider} callbackUrl="/now" prepare={prepare} />
      ))}
    </>
  );
}

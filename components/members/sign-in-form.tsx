'use client';

import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { Action } from '@/lib/kernel/result';
import type { signInInput } from '@/lib/members/model/schemas';
import { IdentityButton, OrLine } from './identity-button';
import { PasswordField } from './password-field';
import { type Entered, useEntryAction } from './use-entry-action';

interface SignInFormProps {
  signIn: Action<z.input<typeof signInInput>, Entered>;
  callbackUrl: string;
  /** Why a sign-in elsewhere did not work out. */
  problem: string | null;
  providers: readonly { id: string; label: string }[];
}

/** Login and password; the other ways in stand below, when there are any. */
export function SignInForm({ signIn, callbackUrl, problem, providers }: SignInFormProps) {
  const entry = useEntryAction(signIn);
  const [password, setPassword] = useState('');
  const sentence = entry.refusal?.sentence ?? problem;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const login = String(new FormData(event.currentTarget).get('login') ?? '');
    await entry.run({ login, password, callbackUrl });
  }

  return (
    <>
      {sentence ? <Notice tone="bad" live title={sentence} /> : null}
      <form onSubmit={submit} method="post" noValidate className="grid gap-4">
        <Field label="Login" required error={entry.fields.login}>
          <Input
            name="login"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={200}
            autoFocus
            className="h-10"
          />
        </Field>
        <PasswordField
          autoComplete="current-password"
          error={entry.fields.password}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" className="h-10 w-full justify-center" pending={entry.pending}>
          Sign in
        </Button>
      </form>
      {providers.length > 0 ? (
        <>
          <OrLine />
          {providers.map((provider) => (
            <IdentityButton key={provider.id} provider={provider} callbackUrl={callbackUrl} />
          ))}
        </>
      ) : null}
    </>
  );
}

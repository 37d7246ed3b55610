'use client';

import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { Action } from '@/lib/kernel/result';
import { passwordProblem } from '@/lib/members/model/password-rules';
import type { completeSetupInput } from '@/lib/members/model/schemas';
import { PasswordField } from './password-field';
import { type Entered, useEntryAction, useFragmentToken } from './use-entry-action';

interface SetupFormProps {
  completeSetup: Action<z.input<typeof completeSetupInput>, Entered>;
}

/** The first administrator: who they are and their password, then straight in. */
export function SetupForm({ completeSetup }: SetupFormProps) {
  const entry = useEntryAction(completeSetup);
  const token = useFragmentToken();
  const [login, setLogin] = useState('admin');
  const [password, setPassword] = useState('');
  const [left, setLeft] = useState(false);
  const weak = left && password !== '' ? passwordProblem(password, login) : null;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setLeft(true);
    const name = String(new FormData(event.currentTarget).get('name') ?? '');
    await entry.run({ token: token ?? '', login, name, password });
  }

  if (token === '') {
    return (
      <Notice tone="warn" title="This link is incomplete">
        Open the whole link that the server printed when it started; it ends in # and a long code.
      </Notice>
    );
  }
  return (
    <form onSubmit={submit} method="post" noValidate className="grid gap-4">
      {entry.refusal && !entry.refusal.code.startsWith('invalid') ? (
        <Notice tone="bad" live title={entry.refusal.sentence} />
      ) : null}
      {entry.fields.token ? <Notice tone="bad" live title={entry.fields.token} /> : null}
      <Field label="Your name" required error={entry.fields.name}>
        <Input name="name" autoComplete="name" maxLength={80} autoFocus className="h-10" />
      </Field>
      <Field label="Login" required hint="What you type to sign in." error={entry.fields.login}>
        <Input
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          value={login}
          onChange={(event) => setLogin(event.target.value)}
          className="h-10"
        />
      </Field>
      <PasswordField
        autoComplete="new-password"
        hint="At least 12 characters; a few unrelated words are easiest."
        error={entry.fields.password ?? weak}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        onBlur={() => setLeft(true)}
      />
      <Button type="submit" variant="primary" className="h-10 w-full justify-center" pending={entry.pending}>
        Create administrator and sign in
      </Button>
    </form>
  );
}

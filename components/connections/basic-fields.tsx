'use client';

import { useState } from 'react';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import type { CredentialForm } from '@/lib/providers/port';

interface BasicFieldsProps {
  forms: readonly CredentialForm[];
  form: CredentialForm;
  onChoose: (form: CredentialForm) => void;
  errors: Record<string, string>;
}

/** A user name with a password or token, in the words of the vendor that it is for. */
export function BasicFields({ forms, form, onChoose, errors }: BasicFieldsProps) {
  const { username, secret } = form;
  // It stays while the address is typed, also past a vendor whose name is always the same.
  const [name, setName] = useState('');
  return (
    <>
      {forms.length > 1 ? (
        <Field label="Which one" required hint={form.ends}>
          <NativeSelect
            value={form.id}
            onChange={(event) => onChoose(forms.find((each) => each.id === event.target.value) ?? form)}
          >
            {forms.map((each) => (
              <option key={each.id} value={each.id}>
                {each.label}
              </option>
            ))}
          </NativeSelect>
        </Field>
      ) : null}
      {username.fixed === null ? (
        <Field label={username.label} required hint={username.hint} error={errors['credential.username']}>
          <Input
            name="username"
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={200}
          />
        </Field>
      ) : (
        <input type="hidden" name="username" value={username.fixed} />
      )}
      <Field
        label={secret.label}
        required
        hint={`${secret.hint} Sealed before it is stored; nobody can read it here again.`}
        error={errors['credential.password']}
      >
        <Input
          name="password"
          type="password"
          autoComplete="new-password"
          spellCheck={false}
          maxLength={16_384}
          className="font-mono"
        />
      </Field>
      {form.tokenService ? (
        <Field
          label="Address of its token service"
          hint="Only when the check asks for it: it is another host than the registry, and will be sent this credential."
          error={errors['credential.tokenOrigin']}
        >
          <Input name="tokenOrigin" type="url" autoComplete="off" spellCheck={false} className="font-mono" />
        </Field>
      ) : null}
    </>
  );
}

'use client';

import { useState } from 'react';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { SegmentedControl } from '@/components/ui/segmented-control';
import type { CredentialInput } from '@/lib/connections/model/schemas';
import { type CredentialForm, formFor } from '@/lib/providers/port';
import { BasicFields } from './basic-fields';

export type CredentialKind = CredentialInput['kind'];

const KINDS = [
  { value: 'token', label: 'Access token' },
  { value: 'app', label: 'App' },
  { value: 'basic', label: 'User and password' },
] as const;

interface CredentialFieldsProps {
  kinds: readonly CredentialKind[];
  kind: CredentialKind;
  onKindChange: (kind: CredentialKind) => void;
  /** How a user name with a password is filled in at this provider. */
  forms: readonly CredentialForm[];
  /** The address that the credential goes to: it says which of `forms` is meant. */
  origin: string;
  /** Another vendor was chosen; its address, when it has one of its own. */
  onOrigin?: ((origin: string) => void) | undefined;
  /** Errors by field name, as the action answers them. */
  errors: Record<string, string>;
  /** Ids of the app that stands there now. */
  app?: { appId: string; installationId: string } | null;
}

/** Write-only: what is entered here is sealed on the server and never comes back. */
export function CredentialFields(props: CredentialFieldsProps) {
  const { kinds, kind, onKindChange, forms, origin, onOrigin, errors, app } = props;
  const offered = KINDS.filter((each) => kinds.includes(each.value));
  const [formId, setFormId] = useState<string | null>(null);
  const form = formFor(forms, origin, formId);

  function choose(next: CredentialForm) {
    setFormId(next.id);
    onOrigin?.(next.origin ?? '');
  }

  return (
    <div className="grid gap-4">
      {offered.length > 1 ? (
        <SegmentedControl
          label="Kind of credential"
          value={kind}
          onValueChange={onKindChange}
          options={offered}
          className="justify-self-start"
        />
      ) : null}
      {kind === 'token' ? (
        <Field
          label="Token"
          required
          hint="Sealed before it is stored; nobody can read it here again, only replace it."
          error={errors['credential.token']}
        >
          <Input name="token" type="password" autoComplete="new-password" spellCheck={false} className="font-mono" />
        </Field>
      ) : null}
      {kind === 'app' ? <AppFields errors={errors} app={app} /> : null}
      {kind === 'basic' && form ? <BasicFields forms={forms} form={form} onChoose={choose} errors={errors} /> : null}
    </div>
  );
}

function AppFields({ errors, app }: Pick<CredentialFieldsProps, 'errors' | 'app'>) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="App id" required error={errors['credential.appId']}>
          <Input name="appId" inputMode="numeric" autoComplete="off" defaultValue={app?.appId} />
        </Field>
        <Field label="Installation id" required error={errors['credential.installationId']}>
          <Input name="installationId" inputMode="numeric" autoComplete="off" defaultValue={app?.installationId} />
        </Field>
      </div>
      <Field
        label="Private key"
        required
        hint="The whole .pem file. Sealed before it is stored; nobody can read it here again."
        error={errors['credential.privateKey']}
      >
        <Textarea
          name="privateKey"
          rows={5}
          autoComplete="off"
          spellCheck={false}
          placeholder="-----BEGIN RSA PRIVATE KEY-----"
          className="font-mono text-xs"
        />
      </Field>
    </>
  );
}

const text = (form: FormData, name: string) => String(form.get(name) ?? '');

export function credentialFrom(form: FormData, kind: CredentialKind): CredentialInput {
  if (kind === 'token') return { kind, token: text(form, 'token') };
  if (kind === 'basic') {
    const tokenOrigin = text(form, 'tokenOrigin').trim() || null;
    return { kind, username: text(form, 'username'), password: text(form, 'password'), tokenOrigin };
  }
  return {
    kind,
    appId: text(form, 'appId'),
    installationId: text(form, 'installationId'),
    privateKey: text(form, 'privateKey'),
  };
}

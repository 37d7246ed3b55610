'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Code } from '@/components/ui/code';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { AuthorityField } from './authority-field';
import type { ConnectionActions, ProviderChoice } from './connection-actions';
import { CredentialFields, type CredentialKind, credentialFrom } from './credential-fields';

interface ConnectionFormProps extends Pick<ConnectionActions, 'create' | 'verify'> {
  providers: readonly [ProviderChoice, ...ProviderChoice[]];
  disabledReason: string | null;
}

/** A new provider account: stored sealed, then checked at once. */
export function ConnectionForm({ create, verify, providers, disabledReason }: ConnectionFormProps) {
  const router = useRouter();
  const creation = useAction(create);
  const check = useAction(verify);
  const [providerId, setProviderId] = useState(providers[0].id);
  const provider = providers.find((each) => each.id === providerId) ?? providers[0];
  const [chosenKind, setKind] = useState<CredentialKind>('token');
  const [origin, setOrigin] = useState(provider.defaultOrigin);
  const kind = provider.credentialKinds.includes(chosenKind) ? chosenKind : (provider.credentialKinds[0] ?? 'token');

  const several = provider.credentialForms.length > 0;
  const address = (
    <AddressField provider={provider} value={origin} onChange={setOrigin} error={creation.fields.origin} />
  );

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const made = await creation.run({
      name: String(form.get('name') ?? ''),
      providerId: provider.id,
      // Where there are several vendors, an empty address must not become that of one of them.
      ...(origin.trim() === '' && !several ? {} : { origin: origin.trim() }),
      credential: credentialFrom(form, kind),
      ...(provider.ownServer ? { authorities: String(form.get('authorities') ?? '') } : {}),
    });
    if (!made.ok) return;
    // A check that cannot run now is shown on the connection's own page.
    await check.run({ id: made.value.id });
    router.push(`/connections/${made.value.id}`);
  }

  return (
    <form onSubmit={submit} noValidate className="grid max-w-140 gap-5">
      <ProviderField
        providers={providers}
        provider={provider}
        onChange={(id) => {
          setProviderId(id);
          setOrigin(providers.find((each) => each.id === id)?.defaultOrigin ?? '');
        }}
        error={creation.fields.providerId}
      />
      <Field label="Name" required hint="How your team calls this account." error={creation.fields.name}>
        <Input name="name" autoComplete="off" maxLength={80} placeholder={`${provider.label}, production`} />
      </Field>
      {several ? null : address}
      <CredentialFields
        key={provider.id}
        kinds={provider.credentialKinds}
        kind={kind}
        onKindChange={setKind}
        forms={provider.credentialForms}
        origin={origin}
        onOrigin={setOrigin}
        errors={creation.fields}
      />
      {several ? address : null}
      {provider.ownServer ? (
        <AuthorityField foundAt={provider.ownServer.authority ?? null} error={creation.fields.authorities} />
      ) : null}
      <DocsLink provider={provider} />
      {provider.credentialHelp ? <Help {...provider.credentialHelp} /> : null}
      {creation.refusal ? <Notice tone="bad" live title={creation.refusal.sentence} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          variant="primary"
          pending={creation.pending || check.pending}
          disabledReason={disabledReason}
        >
          {check.pending ? 'Checking the credential' : 'Add and check'}
        </Button>
        <ButtonLink href="/connections" variant="quiet">
          Back
        </ButtonLink>
      </div>
    </form>
  );
}

function DocsLink({ provider }: { provider: ProviderChoice }) {
  return (
    <p className="text-xs text-ink-faint">
      What the credential must be allowed to do:{' '}
      <a
        href={provider.docsUrl}
        target="_blank"
        rel="noreferrer"
        className="underline underline-offset-3 hover:text-ink"
      >
        {provider.label} documentation
      </a>
    </p>
  );
}

function Help({ says, text }: { says: string; text: string }) {
  return (
    <div className="grid gap-2">
      <p className="text-sm text-ink-soft">{says}</p>
      <Code label="What makes the credential" className="max-h-80 overflow-y-auto">
        {text}
      </Code>
    </div>
  );
}

interface AddressFieldProps {
  provider: ProviderChoice;
  value: string;
  onChange: (origin: string) => void;
  error: string | undefined;
}

const SEVERAL =
  'Without a path. The credential is only ever sent there, and to the token service that the vendor documents or you name.';

function AddressField({ provider, value, onChange, error }: AddressFieldProps) {
  const several = provider.credentialForms.length > 0;
  const first = provider.credentialHelp
    ? 'Where yours is.'
    : `Leave it for ${provider.label} itself; change it for your own server.`;
  return (
    <Field
      label="Address of the API"
      required={several}
      hint={several ? SEVERAL : `${first} The credential is only ever sent there.`}
      error={error}
    >
      <Input
        name="origin"
        type="url"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="font-mono"
      />
    </Field>
  );
}

interface ProviderFieldProps {
  providers: readonly ProviderChoice[];
  provider: ProviderChoice;
  onChange: (id: string) => void;
  error: string | undefined;
}

/** Nothing to choose while there is only one. */
function ProviderField({ providers, provider, onChange, error }: ProviderFieldProps) {
  if (providers.length === 1) {
    return (
      <p className="text-sm text-ink-soft">
        Provider: <span className="font-medium text-ink">{provider.label}</span>
      </p>
    );
  }
  return (
    <Field label="Provider" required error={error}>
      <NativeSelect value={provider.id} onChange={(event) => onChange(event.target.value)}>
        {providers.map((each) => (
          <option key={each.id} value={each.id}>
            {each.label}
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
}

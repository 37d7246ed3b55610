'use client';

import { type FormEvent, useId, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/choice';
import { Code } from '@/components/ui/code';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Field, FieldError } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { TOKEN_SCOPES, type TokenScope } from '@/lib/members/model/token-scope';
import type { NewToken } from '@/lib/tokens/model/view';
import type { ApiTokensProps } from './api-tokens';

const SCOPE_WORDS: Record<TokenScope, { label: string; hint: string }> = {
  read: { label: 'Read', hint: 'see deployments, targets and connections' },
  deploy: {
    label: 'Deploy',
    hint: 'deploy, cancel, retry, roll back, decide about an unknown start; publish and recall extensions, yank in the gallery',
  },
  approve: { label: 'Approve', hint: 'approve and reject in your name' },
  hold: { label: 'Hold', hint: 'lock, freeze, override a freeze, and let through again' },
  audit: { label: 'Audit', hint: 'read, export and verify the audit log' },
  manage: {
    label: 'Manage',
    hint: 'components, environments, targets, policies, notifications; secrets and variables at the provider; the public status page',
  },
};

const LIFE = [7, 30, 90, 365] as const;

interface TokenDialogProps extends Pick<ApiTokensProps, 'create' | 'environments'> {
  onClose: () => void;
}

/** A new token: what it is for, what it may, where and how long; answers with the token, which is shown once. */
export function TokenDialog({ create, environments, onClose }: TokenDialogProps) {
  const formId = useId();
  const making = useAction(create);
  const [made, setMade] = useState<NewToken | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const answer = await making.run({
      name: String(form.get('name') ?? ''),
      scopes: TOKEN_SCOPES.filter((scope) => form.has(`scope-${scope}`)),
      environmentPattern: String(form.get('environmentPattern') ?? '*'),
      days: Number(form.get('days')),
    });
    if (answer.ok) setMade(answer.value);
  }

  if (made) return <TokenOnce made={made} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="New API token"
      description="It can never do more than you can. It is shown once."
      footer={
        <>
          <DialogClose asChild>
            <Button>Do not make one</Button>
          </DialogClose>
          <Button type="submit" form={formId} variant="primary" pending={making.pending}>
            Make the token
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <Field label="Name" required hint="The machine or script that will use it." error={making.fields.name}>
          <Input name="name" autoComplete="off" maxLength={60} />
        </Field>
        <Scopes error={making.fields.scopes} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Environments"
            required
            hint="* is all that you may reach."
            error={making.fields.environmentPattern}
          >
            <Input name="environmentPattern" defaultValue="*" list={`${formId}-slugs`} spellCheck={false} />
          </Field>
          <Field label="Ends after" required error={making.fields.days}>
            <NativeSelect name="days" defaultValue="90">
              {LIFE.map((days) => (
                <option key={days} value={days}>
                  {days} days
                </option>
              ))}
            </NativeSelect>
          </Field>
        </div>
        <datalist id={`${formId}-slugs`}>
          {['*', ...environments].map((slug) => (
            <option key={slug} value={slug} />
          ))}
        </datalist>
        {making.refusal ? <Notice tone="bad" live title={making.refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}

function Scopes({ error }: { error: string | undefined }) {
  return (
    <fieldset className="grid gap-x-4 sm:grid-cols-2">
      <legend className="mb-1 text-sm font-medium">It may</legend>
      {TOKEN_SCOPES.map((scope) => (
        <Checkbox
          key={scope}
          name={`scope-${scope}`}
          defaultChecked={scope === 'read'}
          label={SCOPE_WORDS[scope].label}
          hint={SCOPE_WORDS[scope].hint}
        />
      ))}
      {error ? <FieldError>{error}</FieldError> : null}
    </fieldset>
  );
}

function TokenOnce({ made, onClose }: { made: NewToken; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`“${made.name}” is made`}
      description="Copy it now: it is shown only now and kept nowhere."
      footer={
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <Code label="API token">{made.token}</Code>
      <p className="mt-2 text-xs text-ink-faint">
        Ends <RelativeTime at={made.expiresAt} />. Whoever has it acts in your name; revoke it when it got out.
      </p>
    </Dialog>
  );
}

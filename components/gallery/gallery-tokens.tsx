'use client';

import { type FormEvent, useState } from 'react';
import { TokenLine } from '@/components/console/token-line';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { GalleryScope } from '@/lib/gallery/model/scope';
import type { GalleryTokenView, NewGalleryToken } from '@/lib/gallery/model/view';
import type { Action } from '@/lib/kernel/result';
import { TokenLines } from './token-lines';

export interface GalleryTokensProps {
  tokens: readonly GalleryTokenView[];
  /** Address of this console, without a slash at its end. */
  origin: string;
  create: Action<{ name: string; scope: GalleryScope; days: number }, NewGalleryToken>;
  revoke: Action<{ tokenId: string }, unknown>;
}

/** Tokens that open the gallery and nothing else, and what to paste where. */
export function GalleryTokens({ tokens, origin, create, revoke }: GalleryTokensProps) {
  const making = useAction(create);
  const [made, setMade] = useState<NewGalleryToken | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const scope = form.get('scope') === 'publish' ? 'publish' : 'read';
    const done = await making.run({ name: String(form.get('name') ?? ''), scope, days: Number(form.get('days')) });
    if (done.ok) setMade(done.value);
  }

  return (
    <Panel
      title="Tokens"
      description="One for each machine or pipeline, so that each can be revoked alone."
      body="flush"
    >
      <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-3 border-b border-line px-4 py-3">
        <Field label="Name" required error={making.fields.name} className="min-w-0 flex-1 basis-48">
          <Input name="name" autoComplete="off" maxLength={60} />
        </Field>
        <Field label="It may" required>
          <NativeSelect name="scope" defaultValue="read">
            <option value="read">read and install</option>
            <option value="publish">publish as well</option>
          </NativeSelect>
        </Field>
        <Field label="Ends after" required error={making.fields.days}>
          <NativeSelect name="days" defaultValue="90">
            {[7, 30, 90, 365].map((days) => (
              <option key={days} value={days}>
                {days} days
              </option>
            ))}
          </NativeSelect>
        </Field>
        <Button type="submit" pending={making.pending}>
          Make a token
        </Button>
      </form>
      {making.refusal ? <Notice tone="bad" live title={making.refusal.sentence} /> : null}
      {made ? <TokenLines made={made} origin={origin} /> : null}
      <ul className="divide-y divide-line">
        {tokens.map((token) => (
          <TokenLine
            key={token.id}
            token={token}
            scopes={[token.scope]}
            consequence="Editors and pipelines that use it find nothing from their next request on."
            revoke={revoke}
          />
        ))}
        {tokens.length === 0 ? <li className="px-4 py-3 text-sm text-ink-soft">There is no token yet.</li> : null}
      </ul>
    </Panel>
  );
}

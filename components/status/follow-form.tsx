'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Code } from '@/components/ui/code';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { StatusLinks } from '@/lib/status/model/public';
import { type Answered, postTo } from './post-to';

/** Subscribe an address, or take one away with the token that each message has. */
export function FollowForm({ links }: { links: StatusLinks }) {
  return (
    <div className="mt-4 grid max-w-xl gap-5 border-t border-line pt-4">
      <Subscribe url={links.subscribe} />
      <Unsubscribe url={links.unsubscribe} />
    </div>
  );
}

function useSending(url: string) {
  const [pending, setPending] = useState(false);
  const [answer, setAnswer] = useState<Answered | null>(null);
  async function send(event: FormEvent<HTMLFormElement>, name: string) {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get(name) ?? '').trim();
    setPending(true);
    setAnswer(await postTo(url, { [name]: value }));
    setPending(false);
  }
  return { pending, answer, send };
}

function Subscribe({ url }: { url: string }) {
  const { pending, answer, send } = useSending(url);
  if (answer?.ok)
    return (
      <Notice tone="good" live title="This address is told from now on">
        <div className="grid gap-2">
          <p>Copy both now, they are shown only once.</p>
          <Code label="Secret that signs the messages">{answer.text('secret')}</Code>
          <Code label="Token to unsubscribe">{answer.text('unsubscribeToken')}</Code>
        </div>
      </Notice>
    );
  return (
    <form onSubmit={(event) => send(event, 'url')} noValidate className="grid gap-3">
      <Field
        label="Address of your webhook"
        required
        hint="https, on the public internet. It is sent a challenge first, and has to answer 200 with the text of data.challenge alone."
        error={answer?.sentence}
      >
        <Input name="url" type="url" autoComplete="off" maxLength={2000} className="font-mono" />
      </Field>
      <div>
        <Button type="submit" pending={pending}>
          Subscribe
        </Button>
      </div>
    </form>
  );
}

function Unsubscribe({ url }: { url: string }) {
  const { pending, answer, send } = useSending(url);
  if (answer?.ok) return <Notice tone="good" live title="This address is told nothing any more" />;
  return (
    <form onSubmit={(event) => send(event, 'token')} noValidate className="grid gap-3">
      <Field
        label="Token to unsubscribe"
        required
        hint="It stands in every message, under unsubscribe."
        error={answer?.sentence}
      >
        <Input name="token" autoComplete="off" maxLength={200} className="font-mono" />
      </Field>
      <div>
        <Button type="submit" pending={pending}>
          Unsubscribe
        </Button>
      </div>
    </form>
  );
}

'use client';

import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { Action } from '@/lib/kernel/result';
import type { CreateTokenInput } from '@/lib/tokens/model/schemas';
import type { NewToken, TokenView } from '@/lib/tokens/model/view';
import { patternInWords } from './role-words';

const TokenDialog = later(() => import('./token-dialog').then((file) => file.TokenDialog));

export interface ApiTokensProps {
  tokens: readonly TokenView[];
  environments: readonly string[];
  create: Action<CreateTokenInput, NewToken>;
  revoke: Action<{ tokenId: string }, unknown>;
}

/** Tokens for the HTTP API and the command line: one's own, and for administrators everybody's. */
export function ApiTokens({ tokens, environments, create, revoke }: ApiTokensProps) {
  const [making, setMaking] = useState(false);
  return (
    <Panel
      title="API tokens"
      description="For the HTTP API and the command line. A token acts for its owner, within its scopes."
      body="flush"
      id="api-tokens"
      actions={
        <Button size="sm" icon={<Plus aria-hidden />} onClick={() => setMaking(true)}>
          New token
        </Button>
      }
    >
      {tokens.length === 0 ? (
        <p className="px-4 py-3 text-sm text-ink-soft">
          There is no token. Make one for each machine or script, so that each can be revoked alone.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {tokens.map((token) => (
            <TokenLine key={token.id} token={token} revoke={revoke} />
          ))}
        </ul>
      )}
      {making ? <TokenDialog create={create} environments={environments} onClose={() => setMaking(false)} /> : null}
    </Panel>
  );
}

const ENDED: Record<TokenView['state'], string | null> = {
  live: null,
  expired: 'expired',
  revoked: 'revoked',
  owner_disabled: 'owner disabled',
};

function TokenLine({ token, revoke }: { token: TokenView } & Pick<ApiTokensProps, 'revoke'>) {
  const ending = useAction(revoke);
  const ended = ENDED[token.state];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5 text-sm">
      <KeyRound aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="grid min-w-0 flex-1 basis-48 gap-0.5">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 truncate">{token.name}</span>
          {token.isYours ? null : <span className="text-xs text-ink-faint">of {token.owner.name}</span>}
          {token.scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
          {ended ? <Badge variant="accent">{ended}</Badge> : null}
        </span>
        <span className="text-xs text-ink-faint">
          ends in {token.last4}, {patternInWords(token.environmentPattern)}, until <RelativeTime at={token.expiresAt} />
          ,{' '}
          {token.lastUsedAt ? (
            <>
              last used <RelativeTime at={token.lastUsedAt} />
            </>
          ) : (
            'never used'
          )}
        </span>
      </span>
      {ended ? null : (
        <ConfirmButton
          size="sm"
          aria-label={`Revoke the token ${token.name}`}
          confirm={{
            title: `Revoke “${token.name}”?`,
            description: 'Whatever uses it is refused on its next request. What it did stays in the log.',
            confirmLabel: 'Revoke token',
            tone: 'danger',
          }}
          onConfirm={async () => {
            const done = await ending.run({ tokenId: token.id });
            return done.ok ? null : done.refusal.sentence;
          }}
        >
          Revoke
        </ConfirmButton>
      )}
    </li>
  );
}

'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { TokenLine } from '@/components/console/token-line';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
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
            <TokenLine
              key={token.id}
              token={token}
              scopes={token.scopes}
              place={patternInWords(token.environmentPattern)}
              consequence="Whatever uses it is refused on its next request. What it did stays in the log."
              revoke={revoke}
            />
          ))}
        </ul>
      )}
      {making ? <TokenDialog create={create} environments={environments} onClose={() => setMaking(false)} /> : null}
    </Panel>
  );
}

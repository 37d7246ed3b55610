'use client';

import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { RelativeTime } from '@/components/ui/relative-time';
import type { Action } from '@/lib/kernel/result';
import { useAction } from './use-action';

export interface TokenLineProps {
  token: {
    id: string;
    name: string;
    owner: { name: string };
    isYours: boolean;
    state: 'live' | 'expired' | 'revoked' | 'owner_disabled';
    last4: string;
    expiresAt: string;
    lastUsedAt: string | null;
  };
  scopes: readonly string[];
  /** Where it counts, when not everywhere. */
  place?: ReactNode;
  /** What whoever uses it meets after it was revoked. */
  consequence: string;
  revoke: Action<{ tokenId: string }, unknown>;
}

const ENDED = { live: null, expired: 'expired', revoked: 'revoked', owner_disabled: 'owner disabled' } as const;

/** A token that was made here: whose it is, what it may, until when, and its end at a press. */
export function TokenLine({ token, scopes, place, consequence, revoke }: TokenLineProps) {
  const ending = useAction(revoke);
  const ended = ENDED[token.state];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5 text-sm">
      <KeyRound aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="grid min-w-0 flex-1 basis-48 gap-0.5">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 truncate">{token.name}</span>
          {token.isYours ? null : <span className="text-xs text-ink-faint">of {token.owner.name}</span>}
          {scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
          {ended ? <Badge variant="accent">{ended}</Badge> : null}
        </span>
        <span className="text-xs text-ink-faint">
          ends in {token.last4}, {place ? <>{place}, </> : null}until <RelativeTime at={token.expiresAt} />,{' '}
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
            description: consequence,
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

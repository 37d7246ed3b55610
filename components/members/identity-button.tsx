'use client';

import { LogIn } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { FieldError } from '@/components/ui/field';

interface IdentityButtonProps {
  provider: { id: string; label: string };
  callbackUrl: string;
  /** Done before leaving, e.g. keeping an invitation for the way back. */
  prepare?: () => Promise<void>;
}

/**
 * Asks the sign-in endpoint for the way to the provider, then goes it. By fetch, not by a form: under our referrer
 * policy a form would arrive without an origin, and that is refused.
 */
async function leaveFor(providerId: string, callbackUrl: string): Promise<void> {
  const token = await fetch('/api/auth/csrf', { credentials: 'same-origin', cache: 'no-store' });
  const { csrfToken } = (await token.json()) as { csrfToken: string };
  const body = new URLSearchParams({ csrfToken, callbackUrl, json: 'true' });
  const answer = await fetch(`/api/auth/signin/${encodeURIComponent(providerId)}`, { method: 'POST', body });
  const { url } = (await answer.json()) as { url?: string };
  if (!answer.ok || !url) throw new Error('no way to the provider');
  window.location.assign(url);
}

/** Another way in than a password. */
export function IdentityButton({ provider, callbackUrl, prepare }: IdentityButtonProps) {
  const [pending, setPending] = useState(false);
  const [failed, setFailed] = useState(false);

  async function go() {
    setPending(true);
    setFailed(false);
    try {
      await prepare?.();
      await leaveFor(provider.id, callbackUrl);
    } catch {
      setPending(false);
      setFailed(true);
    }
  }

  return (
    <div className="grid gap-1.5">
      <Button className="h-10 w-full justify-center" icon={<LogIn aria-hidden />} pending={pending} onClick={go}>
        Continue with {provider.label}
      </Button>
      {failed ? <FieldError>The server did not answer. Check the connection and try again.</FieldError> : null}
    </div>
  );
}

/** Between the password and the other ways in. */
export function OrLine() {
  return (
    <div className="flex items-center gap-3 text-xs text-ink-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      or
    </div>
  );
}

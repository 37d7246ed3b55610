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

/** Posts to the sign-in endpoint with its token, as a form, so that the browser follows the way to the provider. */
async function leaveFor(providerId: string, callbackUrl: string): Promise<void> {
  const answer = await fetch('/api/auth/csrf', { credentials: 'same-origin', cache: 'no-store' });
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const form = document.createElement('form');
  form.method = 'post';
  form.action = `/api/auth/signin/${encodeURIComponent(providerId)}`;
  for (const [name, value] of Object.entries({ csrfToken, callbackUrl })) {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
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

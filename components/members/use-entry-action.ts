'use client';

import { useState, useSyncExternalStore } from 'react';
import { toThisVersion } from '@/components/console/proof';
import type { Refusal } from '@/lib/kernel/errors';
import type { Action } from '@/lib/kernel/result';

/** Where to go once signed in; a path of this site, chosen by the server. */
export interface Entered {
  to: string;
}

const UNREACHABLE: Refusal = {
  code: 'unreachable',
  sentence: 'The server did not answer. Check the connection and try again.',
};

/** Runs an action that signs in, then loads the first page anew, so that nothing from before stays in memory. */
export function useEntryAction<I>(action: Action<I, Entered>) {
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [fields, setFields] = useState<Record<string, string>>({});

  async function run(input: I): Promise<void> {
    setPending(true);
    setRefusal(null);
    setFields({});
    try {
      const result = await toThisVersion(() => action(input));
      // Pending stays on: the page is about to be replaced.
      if (result.ok) return window.location.assign(result.value.to);
      setFields(result.fields ?? {});
      setRefusal(result.refusal);
    } catch {
      setRefusal(UNREACHABLE);
    }
    setPending(false);
  }

  return { run, pending, refusal, fields };
}

function onHashChange(notify: () => void): () => void {
  window.addEventListener('hashchange', notify);
  return () => window.removeEventListener('hashchange', notify);
}

/** The one-time token behind the `#`, which browsers do not send to any server. Null until the page is alive. */
export function useFragmentToken(): string | null {
  return useSyncExternalStore(
    onHashChange,
    () => window.location.hash.slice(1),
    () => null,
  );
}

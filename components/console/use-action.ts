'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Refusal } from '@/lib/kernel/errors';
import type { Action } from '@/lib/kernel/result';

const UNREACHABLE: Refusal = {
  code: 'unreachable',
  sentence:
    'The console did not answer, so it is not known whether this was done. Reload the page to see, then try again.',
};

/**
 * Runs a Server Action and keeps what it refused. `run` answers the value, or null after a refusal;
 * after a success the page is read again.
 */
export function useAction<I, O>(action: Action<I, O>) {
  const router = useRouter();
  const client = useQueryClient();
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [fields, setFields] = useState<Record<string, string>>({});

  function clear() {
    setRefusal(null);
    setFields({});
  }

  async function run(input: I): Promise<{ value: O } | null> {
    clear();
    setPending(true);
    try {
      const result = await action(input);
      if (result.ok) {
        router.refresh();
        // The feed says so too, but a person should not wait for it.
        void client.invalidateQueries();
        return { value: result.value };
      }
      setRefusal(result.refusal);
      setFields(result.fields ?? {});
      return null;
    } catch {
      setRefusal(UNREACHABLE);
      return null;
    } finally {
      setPending(false);
    }
  }

  return { run, pending, refusal, fields, clear };
}

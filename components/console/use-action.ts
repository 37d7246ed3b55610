'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Refusal } from '@/lib/kernel/errors';
import type { Action, ActionResult } from '@/lib/kernel/result';
import { withProof } from './proof';

const UNREACHABLE: Refusal = {
  code: 'unreachable',
  sentence:
    'The console did not answer, so it is not known whether this was done. Reload the page to see, then try again.',
};

const FIELDS_NEED_A_LOOK = 'Not done yet: see what is said beside the fields.';

/**
 * Runs a Server Action and keeps what it refused, for the place beside the button. `run` answers as the action does;
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

  async function run(input: I): Promise<ActionResult<O>> {
    clear();
    setPending(true);
    try {
      const result = await withProof(() => action(input));
      if (result.ok) {
        router.refresh();
        // The feed says so too, but a person should not wait for it.
        void client.invalidateQueries();
      } else {
        setRefusal(result.refusal);
        setFields(result.fields ?? {});
      }
      return result;
    } catch {
      setRefusal(UNREACHABLE);
      return { ok: false, refusal: UNREACHABLE };
    } finally {
      setPending(false);
    }
  }

  // What is wrong with single fields is said beside them; the sentence over all of them would only repeat it.
  const shown =
    refusal !== null && Object.keys(fields).length > 0 ? { ...refusal, sentence: FIELDS_NEED_A_LOOK } : refusal;
  return { run, pending, refusal: shown, fields, clear };
}

'use client';

import { useRef, useState } from 'react';
import { withProof } from '@/components/console/proof';
import type { Refusal } from '@/lib/kernel/errors';
import type { Action } from '@/lib/kernel/result';

const CUT_OFF: Refusal = {
  code: 'cut_off',
  sentence:
    'The console did not answer, so it is not known whether it took this. Check your connection and press again: it will not be done twice.',
};

export interface Verb<I, O> {
  /** The value, or null when it was refused; the refusal is in `refusal` and `fields`. A second call while one runs is ignored. */
  run: (input: I) => Promise<O | null>;
  pending: boolean;
  refusal: Refusal | null;
  fields: Record<string, string>;
  clear: () => void;
}

/** One press of one verb: pending, refused with a sentence, or done. */
export function useVerb<I, O>(action: Action<I, O>): Verb<I, O> {
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [fields, setFields] = useState<Record<string, string>>({});
  const running = useRef(false);

  async function run(input: I): Promise<O | null> {
    // A state update comes a frame late; two presses within one frame must still be one.
    if (running.current) return null;
    running.current = true;
    setPending(true);
    setRefusal(null);
    setFields({});
    const result = await withProof(() => action(input)).catch(() => ({
      ok: false as const,
      refusal: CUT_OFF,
      fields: undefined,
    }));
    running.current = false;
    setPending(false);
    if (result.ok) return result.value;
    setRefusal(result.refusal);
    setFields(result.fields ?? {});
    return null;
  }

  function clear() {
    setRefusal(null);
    setFields({});
  }

  return { run, pending, refusal, fields, clear };
}

'use client';

import { useMemo, useState } from 'react';
import type { Inputs } from '@/lib/deployments/model/input-fields';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';
import { inputCode } from './input-code';

/** The form's values over every change of revision, and what is wrong with them. */
export function useInputs(start: ComposerStart, plan: ComposerPlan | null) {
  const [typed, setTyped] = useState<Inputs>({});
  const [fresh, setFresh] = useState(false);
  // A plan is there only when this is, too.
  const code = plan ? inputCode() : null;
  const fields = useMemo(
    () => code?.openFields(plan?.form?.fields ?? [], start.fixedInputs) ?? [],
    [code, plan, start.fixedInputs],
  );
  const values = code?.shownValues(fields, fresh ? null : start.lastInputs, typed) ?? {};
  return {
    fields,
    values,
    typed,
    /** Last time's values were put aside. */
    fresh,
    changed: Object.keys(typed).length > 0 || (!fresh && start.lastInputs !== null),
    own: code?.problemsOf(fields, values) ?? {},
    setValue: (name: string, value: Inputs[string]) => setTyped((old) => ({ ...old, [name]: value })),
    reset: () => {
      setTyped({});
      setFresh(true);
    },
  };
}

import { z } from 'zod';
import type { FormField } from '@/lib/providers/port';
import { checkInputs, type Inputs } from './input-fields';

export * from './input-fields';

/**
 * The one schema for a workflow's inputs, used by the form, the action, the API and the engine. Strict: an unknown
 * key is refused. Fills defaults in, leaves empty optional fields out, turns `'true'` and `'5'` of a form into values.
 * `reserved` is how many inputs we fill in ourselves (marker, commit), which count too.
 */
export function inputsSchema(fields: FormField[], reserved = 0): z.ZodType<Inputs> {
  return z.unknown().transform((given, ctx): Inputs => {
    const { entries, problems } = checkInputs(fields, reserved, given);
    for (const { name, sentence } of problems) {
      ctx.issues.push({ code: 'custom', message: sentence, input: given, path: name === null ? [] : [name] });
    }
    return problems.length > 0 ? z.NEVER : Object.fromEntries(entries);
  });
}

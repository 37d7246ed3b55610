import { z } from 'zod';
import { connectionId } from '@/lib/connections/model/schemas';

/** `config` is the settings as JSON: a read has its input in the address. */
export const checkTargetInput = z.strictObject({
  connectionId,
  config: z
    .string()
    .max(8_000, 'These settings are too long to be checked.')
    .transform((text, issues) => {
      try {
        return z.record(z.string().max(100), z.unknown()).parse(JSON.parse(text));
      } catch {
        issues.addIssue({ code: 'custom', message: 'Send the settings as one JSON object.' });
        return z.NEVER;
      }
    }),
});

import { z } from 'zod';
import { connectionId } from '@/lib/connections/model/schemas';
import { Probe } from './probe';

function json<S extends z.ZodType>(schema: S, name: string) {
  return z
    .string()
    .max(8_000, `${name} too long to be checked.`)
    .transform((text, issues): z.output<S> => {
      try {
        return schema.parse(JSON.parse(text));
      } catch (error) {
        const message = error instanceof z.ZodError ? error.issues[0]?.message : undefined;
        issues.addIssue({ code: 'custom', message: message ?? 'Send it as one JSON object.' });
        return z.NEVER;
      }
    });
}

/** A probe as JSON, for the same reason. */
export const checkProbeInput = z.strictObject({ probe: json(Probe, 'This probe is') });

/** `config` is the settings as JSON: a read has its input in the address. */
export const checkTargetInput = z.strictObject({
  connectionId,
  config: json(z.record(z.string().max(100), z.unknown()), 'These settings are'),
});

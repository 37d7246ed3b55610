import { z } from 'zod';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '@/lib/kernel/plain-text';
import { environmentPattern } from '@/lib/members/model/schemas';
import { TOKEN_SCOPES } from '@/lib/members/model/token-scope';

export const createTokenInput = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name, such as the machine that will use it.')
    .max(60, 'At most 60 characters.')
    .regex(PLAIN_LINE, PLAIN_LINE_PROBLEM),
  scopes: z
    .array(z.enum(TOKEN_SCOPES))
    .min(1, 'Choose at least one scope.')
    .max(TOKEN_SCOPES.length)
    .transform((list) => TOKEN_SCOPES.filter((scope) => list.includes(scope))),
  environmentPattern: environmentPattern.default('*'),
  days: z.number('Enter a number of days.').int().min(1, 'At least 1 day.').max(365, 'At most 365 days.').default(90),
});
export type CreateTokenInput = z.input<typeof createTokenInput>;

export const tokenRef = z.strictObject({ tokenId: z.string().min(1).max(60) });

import { z } from 'zod';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '@/lib/kernel/plain-text';
import { PASSWORD_MAX, passwordProblem } from './password-rules';
import { ROLES } from './role';

export const login = z
  .string()
  .trim()
  .toLowerCase()
  .min(2, 'At least 2 characters.')
  .max(64, 'At most 64 characters.')
  .regex(/^[a-z0-9](?:[a-z0-9._@-]*[a-z0-9])?$/, 'Letters a–z, digits, dots, dashes and @ only.');

export const personName = z
  .string()
  .trim()
  .min(1, 'Enter a name.')
  .max(80, 'At most 80 characters.')
  .regex(PLAIN_LINE, PLAIN_LINE_PROBLEM);

/** `*`, `production`, `preview-*`; stars in a row mean the same as one. */
export const environmentPattern = z
  .string()
  .trim()
  .min(1, 'Enter an environment or *.')
  .max(64, 'At most 64 characters.')
  .regex(/^[a-z0-9*-]+$/, 'Small letters, digits, dashes and * only.')
  .transform((text) => text.replace(/\*+/g, '*'));

export const grant = z.strictObject({ role: z.enum(ROLES), environmentPattern });
export const grantList = z.array(grant).max(50, 'At most 50 roles for one person.');

const memberId = z.string().min(1).max(60);
export const memberRef = z.strictObject({ userId: memberId });
export const inviteMemberInput = z.strictObject({ login, name: personName, grants: grantList });
export const setGrantsInput = z.strictObject({ userId: memberId, grants: grantList });
export const revokeSessionInput = z.strictObject({
  sessionId: z.string().regex(/^[0-9a-f]{64}$/, 'This session does not exist.'),
});

const oneTimeToken = z
  .string()
  .trim()
  .min(20, 'The link is incomplete. Open it again from where it was printed.')
  .max(400, 'The link is too long.');
/** Long enough to catch a paste accident, short enough to hash. The rules for new passwords are in password-rules. */
const typedPassword = z
  .string()
  .min(1, 'Enter your password.')
  .max(PASSWORD_MAX * 4, 'This is too long for a password.');

export const proveInput = z.strictObject({ password: typedPassword });

export const signInInput = z.strictObject({
  login: z.string().trim().toLowerCase().min(1, 'Enter your login.').max(200, 'This is too long for a login.'),
  password: typedPassword,
  callbackUrl: z.string().max(2_000).optional(),
});

function refuseWeak(input: { login?: string; password: string }, ctx: z.RefinementCtx): void {
  const problem = passwordProblem(input.password, input.login ?? '');
  if (problem) ctx.addIssue({ code: 'custom', path: ['password'], message: problem });
}

export const completeSetupInput = z
  .strictObject({ token: oneTimeToken, login, name: personName, password: typedPassword })
  .superRefine(refuseWeak);

export const acceptInvitationInput = z
  .strictObject({ token: oneTimeToken, password: typedPassword })
  .superRefine(refuseWeak);

export const invitationRef = z.strictObject({ token: oneTimeToken });

import { z } from 'zod';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '@/lib/kernel/plain-text';
import { MAX_AUTHORITIES_TEXT } from './authority';

/** One schema per form and action; sentences say what to enter. */
export const connectionName = z
  .string()
  .trim()
  .min(1, 'Give the connection a name.')
  .max(80, 'At most 80 characters.')
  .regex(PLAIN_LINE, PLAIN_LINE_PROBLEM);

export const connectionId = z.string().min(1).max(60);
const version = z.number().int().min(1);

/** Secrets are trimmed: a pasted token often brings a line break along. */
export const tokenText = z
  .string()
  .trim()
  .min(8, 'Paste the whole token.')
  .max(4_096, 'A token has at most 4,096 characters.')
  .regex(/^[\x21-\x7e]+$/, 'A token holds no spaces or line breaks.');
const numericId = (what: string) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,20}$/, `${what} is a number.`);
const privateKey = z
  .string()
  .trim()
  .max(16_384, 'A key file has at most 16 KB.')
  .regex(
    /^-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\S]+-----END (?:RSA )?PRIVATE KEY-----$/,
    'Paste the whole .pem file, with its BEGIN and END lines.',
  );

/** Where a registry has its tokens made, when that is another host than the registry's. */
const tokenOrigin = z
  .string()
  .trim()
  .max(300, 'At most 300 characters.')
  .refine((text) => URL.canParse(text), 'Write a whole address, such as https://auth.example.com');

export const credentialInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('token'), token: tokenText }),
  z.strictObject({
    kind: z.literal('basic'),
    username: z
      .string()
      .trim()
      .min(1, 'Enter the user name.')
      .max(200, 'At most 200 characters.')
      .regex(/^[^:\p{C}]+$/u, 'A user name has no colon and no line break.'),
    // A key file is pasted whole, with its line breaks.
    password: z
      .string()
      .trim()
      .min(1, 'Paste the whole password or token.')
      .max(16_384, 'At most 16,384 characters.')
      .regex(/^[\x20-\x7e\r\n\t]+$/, 'Only plain characters; paste it again.'),
    tokenOrigin: tokenOrigin.nullable().default(null),
  }),
  z.strictObject({
    kind: z.literal('app'),
    appId: numericId('The app id'),
    installationId: numericId('The installation id'),
    privateKey,
  }),
]);
export type CredentialInput = z.output<typeof credentialInput>;

/** Scheme and host, with a path prefix where the API lives under one; the server decides what is allowed. */
export const originInput = z
  .string()
  .trim()
  .max(300, 'At most 300 characters.')
  .refine((text) => URL.canParse(text), 'Write a whole address, such as https://api.example.com');

/** Certificates that vouch for a server of one's own; empty: the usual authorities. What is in it is judged on the server. */
const authoritiesText = z
  .string()
  .trim()
  .max(MAX_AUTHORITIES_TEXT, 'At most 64 KB. Paste only the authorities that sign for this server.')
  .transform((text) => (text === '' ? null : text));

export const createConnectionInput = z.strictObject({
  name: connectionName,
  providerId: z.string().min(1).max(60),
  /** The provider's own address when left out. */
  origin: originInput.optional(),
  credential: credentialInput,
  authorities: authoritiesText.optional(),
});

export const updateConnectionInput = z.strictObject({
  id: connectionId,
  version,
  name: connectionName,
  origin: originInput,
});
export const setCredentialInput = z.strictObject({ id: connectionId, credential: credentialInput });
export const setAuthoritiesInput = z.strictObject({ id: connectionId, version, authorities: authoritiesText });
export const connectionRef = z.strictObject({ id: connectionId });
export const setBudgetInput = z.strictObject({
  id: connectionId,
  percent: z
    .number({ error: 'Enter a number from 1 to 100.' })
    .int('A whole number.')
    .min(1, 'At least 1 %.')
    .max(100, 'At most 100 %.'),
});
export const removeConnectionInput = z.strictObject({ id: connectionId, version });
export const setWebhookSecretInput = z.strictObject({
  id: connectionId,
  /** Left out: we make one and show it once. */
  secret: z
    .string()
    .trim()
    .min(16, 'At least 16 characters.')
    .max(200, 'At most 200 characters.')
    .regex(/^[\x21-\x7e]+$/, 'No spaces or line breaks.')
    .optional(),
});
export const listDeliveriesInput = z.strictObject({
  connectionId,
  state: z.enum(['received', 'processed', 'ignored', 'failed']).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});
/** `deliveryId` is ours, not the provider's. */
export const deliveryRef = z.strictObject({ deliveryId: z.string().min(1).max(60) });
export const listWorkflowsInput = z.strictObject({ id: connectionId, repository: z.string().trim().min(1).max(200) });

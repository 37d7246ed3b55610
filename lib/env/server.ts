import 'server-only';
import { z } from 'zod';
import { parseAnchor } from '@/lib/audit/model/anchor-place';
import type { Secret } from '@/lib/kernel/secret';
import { holdSecrets } from './held-secrets';
import { packageStoreFields, packageStoreProblem } from './package-store';
import { telemetryFields } from './telemetry';

const MAKE_SECRET = 'Make one with: openssl rand -base64 48';
const MAKE_KEK = 'Make one with: openssl rand -base64 32';
/** Words of samples in documentation; a secret that contains one was copied, not made. */
const SAMPLE =
  /change-?me|replace-?me|your-?(?:secret|key)|example|sample|placeholder|password|test-?secret|nextauth-?secret/i;

/** Standard or URL-safe base64 of exactly 32 bytes, or null. */
export function decodeKey(text: string): Buffer | null {
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.byteLength === 32 ? bytes : null;
}

/** Counting or repeating bytes, or nothing but typeable characters: a key that somebody wrote instead of made. */
function looksTyped(bytes: Uint8Array): boolean {
  const step = ((bytes[1] ?? 0) - (bytes[0] ?? 0) + 256) % 256;
  const counts = bytes.every((byte, i) => i === 0 || (byte - (bytes[i - 1] ?? 0) + 256) % 256 === step);
  return counts || bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

function keyField(name: string) {
  return z.string({ error: `${name} is not set. ${MAKE_KEK}` }).transform((text, ctx) => {
    const bytes = decodeKey(text.trim());
    if (!bytes) ctx.addIssue({ code: 'custom', message: `${name} must be base64 of exactly 32 bytes. ${MAKE_KEK}` });
    else if (looksTyped(bytes) || SAMPLE.test(text))
      ctx.addIssue({ code: 'custom', message: `${name} is a sample value. ${MAKE_KEK}` });
    else return bytes;
    return z.NEVER;
  });
}

function optionalKey(name: string) {
  return z.preprocess((value) => (value === '' ? undefined : value), keyField(name).optional());
}

const NO_ANCHOR =
  'AETHERSTACK_AUDIT_ANCHOR must be file: and an absolute path, stdout, or an https address without a user name.';

function originField(name: string, hint: string) {
  return z.string({ error: `${name} is not set. ${hint}` }).transform((text, ctx) => {
    if (URL.canParse(text)) {
      const url = new URL(text);
      if ((url.protocol === 'http:' || url.protocol === 'https:') && !url.username && !url.password) return url.origin;
    }
    ctx.addIssue({ code: 'custom', message: `${name} must be an http or https address without a user name. ${hint}` });
    return z.NEVER;
  });
}

function minutesField(name: string, least: number, most: number) {
  const message = `${name} must be a number of minutes from ${least} to ${most}.`;
  return z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.coerce.number({ error: message }).min(least, message).max(most, message).optional(),
  );
}

const optionalText = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : text))
  .optional();

const schema = z
  .object({
    DATABASE_URL: z
      .string({
        error:
          'DATABASE_URL is not set. npm start sets it for the built-in database; for your own: postgres://user:password@host:5432/name',
      })
      .regex(
        /^postgres(?:ql)?:\/\//,
        'DATABASE_URL must begin with postgres:// (for example postgres://user:password@host:5432/name).',
      ),
    NEXTAUTH_URL: originField(
      'NEXTAUTH_URL',
      'It is the address people type, for example https://deploy.your-team.dev',
    ),
    NEXTAUTH_SECRET: z
      .string({ error: `NEXTAUTH_SECRET is not set. ${MAKE_SECRET}` })
      .min(32, `NEXTAUTH_SECRET must be at least 32 characters. ${MAKE_SECRET}`)
      .refine(
        (text) => text.length < 32 || (!SAMPLE.test(text) && new Set(text).size >= 10),
        `NEXTAUTH_SECRET is a sample value. ${MAKE_SECRET}`,
      ),
    AETHERSTACK_KEK: keyField('AETHERSTACK_KEK'),
    AETHERSTACK_KEK_PREVIOUS: optionalKey('AETHERSTACK_KEK_PREVIOUS'),
    AETHERSTACK_AUDIT_KEY: optionalKey('AETHERSTACK_AUDIT_KEY'),
    AETHERSTACK_AUDIT_KEY_PREVIOUS: optionalKey('AETHERSTACK_AUDIT_KEY_PREVIOUS'),
    AETHERSTACK_AUDIT_ANCHOR: optionalText.transform((text, ctx) => {
      if (text === undefined) return null;
      const place = parseAnchor(text);
      if (!place) ctx.addIssue({ code: 'custom', message: NO_ANCHOR });
      return place;
    }),
    AETHERSTACK_SETUP_TOKEN: optionalText.refine(
      (text) => text === undefined || text.length >= 24,
      'AETHERSTACK_SETUP_TOKEN must be at least 24 characters. Make one with: openssl rand -hex 24',
    ),
    AETHERSTACK_METRICS_TOKEN: optionalText.refine(
      (text) => text === undefined || text.length >= 24,
      'AETHERSTACK_METRICS_TOKEN must be at least 24 characters. Make one with: openssl rand -hex 24',
    ),
    AETHERSTACK_MODE: z
      .enum(['sandbox', 'live'], { error: 'AETHERSTACK_MODE must be sandbox or live.' })
      .default('live'),
    AETHERSTACK_SANDBOX_URL: z.preprocess(
      (value) => (value === '' ? undefined : value),
      originField('AETHERSTACK_SANDBOX_URL', 'npm start sets it.').optional(),
    ),
    AETHERSTACK_SANDBOX_WEBHOOK_SECRET: optionalText,
    AETHERSTACK_FAILPOINTS: optionalText,
    AETHERSTACK_PRIVATE_ORIGINS: z
      .string()
      .default('')
      .transform((text, ctx) =>
        text
          .split(',')
          .map((each) => each.trim())
          .filter(Boolean)
          .map((each) => {
            const origin = URL.canParse(each) ? new URL(each).origin : null;
            if (origin?.startsWith('https://') && each.replace(/\/$/, '').toLowerCase() === origin) return origin;
            ctx.addIssue({
              code: 'custom',
              message:
                'AETHERSTACK_PRIVATE_ORIGINS must be https origins with commas between them, for example https://ghe.your-team.internal',
            });
            return z.NEVER;
          }),
      ),
    AETHERSTACK_SETTLE_SECONDS: z.coerce
      .number({ error: 'AETHERSTACK_SETTLE_SECONDS must be a number of seconds from 5 to 600.' })
      .min(5)
      .max(600)
      .default(60),
    // Read by lib/auth/session-rules.ts; checked here, so that a mistake is said when the server starts.
    AETHERSTACK_SESSION_IDLE_MINUTES: minutesField('AETHERSTACK_SESSION_IDLE_MINUTES', 5, 7 * 1_440),
    AETHERSTACK_SESSION_MINUTES: minutesField('AETHERSTACK_SESSION_MINUTES', 15, 30 * 1_440),
    AETHERSTACK_STEP_UP_MINUTES: minutesField('AETHERSTACK_STEP_UP_MINUTES', 1, 1_440),
    ...packageStoreFields,
    ...telemetryFields,
    // Read by lib/webhooks/pace.ts.
    AETHERSTACK_WEBHOOKS_PER_TEN_SECONDS: optionalText.refine(
      (text) => text === undefined || /^[1-9]\d{1,6}$/.test(text),
      'AETHERSTACK_WEBHOOKS_PER_TEN_SECONDS must be a whole number from 10 to 9999999.',
    ),
    GITHUB_OAUTH_CLIENT_ID: optionalText,
    GITHUB_OAUTH_CLIENT_SECRET: optionalText,
    GITHUB_OAUTH_ORIGIN: originField('GITHUB_OAUTH_ORIGIN', 'Leave it out for github.com.').default(
      'https://github.com',
    ),
    GITHUB_OAUTH_API: z
      .url('GITHUB_OAUTH_API must be an address, for example https://ghe.your-team.dev/api/v3')
      .optional(),
    AETHERSTACK_ALLOWED_LOGINS: z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((login) => login.trim().toLowerCase())
          .filter(Boolean),
      ),
    AETHERSTACK_TRUSTED_PROXY_HOPS: z.coerce
      .number({ error: 'AETHERSTACK_TRUSTED_PROXY_HOPS must be a number from 0 to 5.' })
      .int()
      .min(0)
      .max(5)
      .default(0),
  })
  .superRefine((env, ctx) => {
    const same = (bytes: Buffer) =>
      bytes.equals(Buffer.from(env.NEXTAUTH_SECRET)) || bytes.equals(Buffer.from(env.NEXTAUTH_SECRET, 'base64'));
    if (same(env.AETHERSTACK_KEK))
      ctx.addIssue({ code: 'custom', message: `AETHERSTACK_KEK must differ from NEXTAUTH_SECRET. ${MAKE_KEK}` });
    if (env.AETHERSTACK_KEK_PREVIOUS?.equals(env.AETHERSTACK_KEK))
      ctx.addIssue({
        code: 'custom',
        message: 'AETHERSTACK_KEK_PREVIOUS must differ from AETHERSTACK_KEK. Leave it out when there is no older key.',
      });
    if (
      env.AETHERSTACK_AUDIT_KEY &&
      (same(env.AETHERSTACK_AUDIT_KEY) || env.AETHERSTACK_AUDIT_KEY.equals(env.AETHERSTACK_KEK))
    )
      ctx.addIssue({
        code: 'custom',
        message: `AETHERSTACK_AUDIT_KEY must differ from AETHERSTACK_KEK and NEXTAUTH_SECRET. ${MAKE_KEK}`,
      });
    if ((env.GITHUB_OAUTH_CLIENT_ID === undefined) !== (env.GITHUB_OAUTH_CLIENT_SECRET === undefined)) {
      ctx.addIssue({
        code: 'custom',
        message: 'GITHUB_OAUTH_CLIENT_ID and GITHUB_OAUTH_CLIENT_SECRET belong together: set both or neither.',
      });
    }
    const store = packageStoreProblem(env);
    if (store) ctx.addIssue({ code: 'custom', message: store });
    if (env.AETHERSTACK_MODE === 'live' && env.AETHERSTACK_FAILPOINTS !== undefined)
      ctx.addIssue({
        code: 'custom',
        message: 'AETHERSTACK_FAILPOINTS makes processes die on purpose; it is only for simulated providers. Unset it.',
      });
    if (env.AETHERSTACK_MODE === 'live' && env.AETHERSTACK_SANDBOX_URL !== undefined)
      ctx.addIssue({
        code: 'custom',
        message:
          'AETHERSTACK_SANDBOX_URL sends everything to simulated providers; with AETHERSTACK_MODE live nothing may. Unset it.',
      });
    if (env.AETHERSTACK_MODE === 'sandbox' && env.AETHERSTACK_SANDBOX_URL === undefined) {
      ctx.addIssue({
        code: 'custom',
        message: 'AETHERSTACK_SANDBOX_URL is not set although AETHERSTACK_MODE is sandbox. npm start sets both.',
      });
    }
  });

export type ServerEnv = z.output<typeof schema>;

/** Every problem at once, one sentence each; never the value of a variable. */
export class EnvError extends Error {
  readonly sentences: string[];
  constructor(sentences: string[]) {
    super(`The server cannot start:\n${sentences.map((sentence) => `  - ${sentence}`).join('\n')}`);
    this.name = 'EnvError';
    this.sentences = sentences;
  }
}

/** Pure, for tests and the bootstrap. Throws `EnvError`. */
export function parseServerEnv(source: Record<string, string | undefined>): ServerEnv {
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  throw new EnvError(
    parsed.error.issues.map((issue) =>
      issue.message.includes(String(issue.path[0] ?? ''))
        ? issue.message
        : `${String(issue.path[0])}: ${issue.message}`,
    ),
  );
}

let parsedOnce: { env: ServerEnv; held: Secret[] } | undefined;

/** The environment, parsed on first use, so that a build needs no secrets. From then on its secrets are masked. */
export function serverEnv(): ServerEnv {
  parsedOnce ??= { env: parseServerEnv(process.env), held: holdSecrets(process.env) };
  return parsedOnce.env;
}

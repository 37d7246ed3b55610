import { serviceAccountKey } from '@/lib/http/service-account';
import type { Secret } from '@/lib/kernel/secret';
import { type ProviderContext, ProviderError } from '../port';
import { accessKeyLogin } from './login-access-key';
import { serviceAccountLogin } from './login-service-account';
import type { KeptLogin, Login, LoginKey } from './login-terms';
import { ecrHostOf, isArtifactRegistry } from './manifest';

/** Before a login ends, so that none does under a read. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** One that was refused is not asked for again at each of many reads. */
const REFUSED_MS = 30_000;
/** What would be the answer again. A host in trouble, one that wants a pause, and nonsense are no word about the key. */
const REFUSALS = new Set(['auth', 'rejected']);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const ACCESS_KEY = /^A(?:KIA|SIA)[A-Z0-9]{12,124}$/;
/** The two names under which Google's registry itself would take the key. */
const KEY_FILE_USERS = new Set(['_json_key', '_json_key_base64']);

/** Null: user name and password go to the registry as they are. Throws `ProviderError` for a key that cannot be one here. */
export function loginKeyOf({ credential, origin }: ProviderContext): LoginKey | null {
  if (credential.kind !== 'basic') return null;
  const { username, password } = credential;
  if (KEY_FILE_USERS.has(username) || holdsPrivateKey(password)) return serviceAccountAt(origin, username, password);
  if (ACCESS_KEY.test(username)) return accessKeyAt(origin, username, password);
  if (ecrHostOf(origin) && username !== 'AWS') {
    const sentence =
      'This is no id of an access key, which begins with AKIA and has capitals and digits alone. Nothing was sent. For a token that was made by hand, the user name is AWS.';
    throw new ProviderError('rejected', 'bad_access_key', sentence);
  }
  return null;
}

/** Under another user name or a mistyped one it would leave whole as well. */
function holdsPrivateKey(password: Secret): boolean {
  const text = password.reveal();
  return [text, Buffer.from(text, 'base64').toString()].some((each) => each.includes('PRIVATE KEY-----'));
}

function accessKeyAt(origin: string, id: string, secret: Secret): LoginKey {
  const host = ecrHostOf(origin);
  if (!host) {
    const sentence =
      'An access key signs in at Amazon ECR alone. Its address is https://<account>.dkr.ecr.<region>.amazonaws.com; nothing was sent.';
    throw new ProviderError('rejected', 'key_elsewhere', sentence);
  }
  if (id.startsWith('AS')) {
    const sentence =
      'This access key is a temporary one, which ends within hours. Enter one of an IAM user; its id begins with AK.';
    throw new ProviderError('rejected', 'temporary_key', sentence);
  }
  return { kind: 'access-key', id, secret, host };
}

function serviceAccountAt(origin: string, username: string, password: Secret): LoginKey {
  if (!isArtifactRegistry(origin)) {
    const sentence =
      'A service account’s key signs in at Artifact Registry alone. Its address is https://<region>-docker.pkg.dev; nothing was sent.';
    throw new ProviderError('rejected', 'key_elsewhere', sentence);
  }
  if (!KEY_FILE_USERS.has(username)) {
    const sentence = 'With the key file of a service account, the user name is _json_key. Nothing was sent.';
    throw new ProviderError('rejected', 'bad_key_file', sentence);
  }
  const text = password.reveal();
  const key = serviceAccountKey(username === '_json_key' ? text : Buffer.from(text, 'base64').toString());
  return { kind: 'service-account', ...key };
}

/** The login that is good now; made anew shortly before it ends. Throws `ProviderError`. */
export async function loginOf(c: ProviderContext, holder: { login: KeptLogin | null }, key: LoginKey): Promise<Login> {
  const kept = holder.login;
  if (kept && (await isGood(c, kept))) return await kept.making;
  // Somebody else may have begun another one meanwhile.
  if (holder.login === kept || !holder.login) holder.login = begin(c, key);
  return await holder.login.making;
}

/** Good to give out: it lasts, or it was refused a moment ago and would be again. */
async function isGood(c: ProviderContext, { making, since }: KeptLogin): Promise<boolean> {
  return await making.then(
    ({ renewAt }) => renewAt > c.now(),
    (error: unknown) => error instanceof ProviderError && REFUSALS.has(error.kind) && since + REFUSED_MS > c.now(),
  );
}

function begin(c: ProviderContext, key: LoginKey): KeptLogin {
  const making = (key.kind === 'access-key' ? accessKeyLogin(c, key) : serviceAccountLogin(c, key)).then(
    ({ username, password, until }) => {
      const early = Math.min(RENEW_BEFORE_MS, (until - c.now()) / 10);
      return { username, password, until, renewAt: Math.max(until - early, c.now() + REFUSED_MS) };
    },
  );
  making.catch(() => undefined);
  return { making, since: c.now() };
}

/** The registry does not take it any more: unless it was made just now, another one may do. */
export function forgetLogin(holder: { login: KeptLogin | null }, now: number): void {
  if (holder.login && holder.login.since + REFUSED_MS < now) holder.login = null;
}

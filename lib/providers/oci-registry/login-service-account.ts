import { type ServiceAccountKey, serviceAccountToken } from '@/lib/http/service-account';
import type { ProviderContext } from '../port';
import type { Login } from './login-terms';
import { GOOGLE_TOKEN_URL } from './manifest';

/** Reading is all that is asked for, whatever else the account may do. */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform.read-only';

/** A login of an hour. The address that the key file names is not used. Throws `ProviderError`. */
export async function serviceAccountLogin(c: ProviderContext, key: ServiceAccountKey): Promise<Omit<Login, 'renewAt'>> {
  const { token, until } = await serviceAccountToken(c, key, { url: GOOGLE_TOKEN_URL, scope: SCOPE });
  // https://cloud.google.com/artifact-registry/docs/docker/authentication#token
  return { username: 'oauth2accesstoken', password: token, until };
}

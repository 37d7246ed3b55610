import { describe, expect, it } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError, type ProviderErrorKind } from '@/lib/providers/port';
import { requireImage } from './check-image';
import type { LoadedTarget } from './rows';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const image = { repository: 'acme/backend', imageInput: 'image', digestInput: 'digest', platform: 'linux/amd64' };
const loaded = { component: { image, imageConnectionId: 'con_1' } } as Pick<LoadedTarget, 'component'>;

/** What a deployment is told when the registry, or the way to it, fails so. */
async function told(failure: Error, again = false): Promise<unknown> {
  const images = {
    reference: (_: unknown, repository: string, digest: string) => `ghcr.io/${repository}@${digest}`,
    digest: () => Promise.reject(failure),
  };
  const provider = { manifest: { label: 'Registry', capabilities: { images: {} } }, methods: { images } };
  const openConnection = async () => ({ provider, context: {} });
  const db = { transaction: async () => undefined };
  const asked = { inputs: { image: `ghcr.io/acme/backend@${DIGEST}`, digest: DIGEST }, fixed: [], again };
  return requireImage({ openConnection, db } as unknown as ServiceContext, loaded, asked).then(
    (note) => (note ? `goes on: ${note}` : 'goes on'),
    (error: unknown) => (error instanceof ServiceError ? { code: error.code, fields: error.fields } : error),
  );
}

describe('when the registry cannot say that the image is right', () => {
  it.each<[ProviderErrorKind, string]>([
    ['unavailable', 'vendor_error'],
    ['rateLimited', 'too_many_requests'],
    ['auth', 'credential_refused'],
  ])('a deployment goes on while it cannot be asked (%s)', async (kind, code) => {
    const said = /^goes on: Nobody looked whether its image is there and fits: the registry could not be asked \(it /;
    expect(await told(new ProviderError(kind, code, 'Not now.'))).toMatch(said);
    expect(await told(new ProviderError(kind, code, 'Not now.'), true)).toMatch(said);
  });

  it.each([
    ['credential_refused', /refuses the credential; enter a new one under Connections/],
    ['sign_in_denied', /lacks a right at the vendor/],
    ['missing_permission', /may not read that repository/],
    ['clock_wrong', /clock of this server is wrong/],
    ['login_refused', /nobody was let in; Check under Connections says why/],
    ['temporary_key', /nobody was let in/],
    ['unexpected_answer', /nobody was let in/],
  ])('no way in (%s) stops no roll-back, and says what mends it', async (code, said) => {
    for (const again of [true, false]) {
      const note = await told(new ProviderError('auth', code, 'What is wrong.'), again);
      expect(note).toMatch(/^goes on: /);
      expect(note).toMatch(said);
    }
  });

  it.each<[ProviderErrorKind, string]>([
    ['protocol', 'wrong_digest'],
    ['protocol', 'unexpected_answer'],
    ['rejected', 'old_manifest'],
    ['rejected', 'token_service_unknown'],
    ['rejected', 'unsupported'],
    ['notFound', 'no_repository'],
  ])('it is refused with the sentence of what came back (%s %s), a roll-back too', async (kind, code) => {
    const wanted = { code, fields: { 'inputs.image': 'What is wrong.' } };
    expect(await told(new ProviderError(kind, code, 'What is wrong.'))).toEqual(wanted);
    expect(await told(new ProviderError(kind, code, 'What is wrong.'), true)).toEqual(wanted);
  });

  it('it goes on without a credential, and stops at what is broken here', async () => {
    expect(await told(new ServiceError('precondition', 'credential_missing', 'None.'))).toMatch(
      /^goes on: .*no credential/,
    );
    expect(await told(new TypeError('x is not a function'))).toBeInstanceOf(TypeError);
  });
});

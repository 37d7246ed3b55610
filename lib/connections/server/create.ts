import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { isUniqueViolation } from '@/lib/db/errors';
import { connections } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { Secret } from '@/lib/kernel/secret';
import type { AnyProvider } from '@/lib/providers/port';
import type { CredentialInput, createConnectionInput } from '../model/schemas';
import { authorityColumns, readAuthorities, requireOwnServer } from './authorities';
import { normaliseOrigin } from './origin';
import { record } from './record';
import { bindingOf, providerOf } from './rows';
import { type ConnectionSettings, connectionSettings } from './settings';
import { seal } from './vault';

/** The columns that a credential fills; the plaintext ends here. */
export function credentialColumns(
  settings: ConnectionSettings,
  row: { id: string; providerId: string; origin: string },
  entered: CredentialInput,
) {
  const credential = checked(settings, entered);
  return {
    credentialKind: credential.kind,
    sealedCredential: seal(settings.keys, JSON.stringify(credential), bindingOf(row, 'credential')),
    credentialLast4: last4Of(credential),
    credentialAt: sql`now()`,
    appId: credential.kind === 'app' ? credential.appId : null,
    installationId: credential.kind === 'app' ? credential.installationId : null,
    tokenOrigin: credential.kind === 'basic' ? credential.tokenOrigin : null,
  };
}

/** The end of a key file is the same in all of them and says nothing; that of a short password says too much. */
function last4Of(credential: CredentialInput): string {
  if (credential.kind === 'app') return '';
  if (credential.kind === 'token') return new Secret(credential.token).last4;
  return credential.password.length < 20 || credential.password.startsWith('{')
    ? ''
    : new Secret(credential.password).last4;
}

/** A token service sees the credential too, so its address is held to the same rules as the provider's. */
function checked(settings: ConnectionSettings, credential: CredentialInput): CredentialInput {
  if (credential.kind !== 'basic' || credential.tokenOrigin === null) return credential;
  try {
    const address = normaliseOrigin(credential.tokenOrigin, settings.allowLoopbackHttp, settings.privateOrigins);
    return { ...credential, tokenOrigin: new URL(address).origin };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(error.kind, error.code, error.sentence, { 'credential.tokenOrigin': error.sentence });
  }
}

export function requireKind(provider: AnyProvider, kind: CredentialInput['kind']): void {
  if (provider.manifest.credentialKinds.includes(kind)) return;
  throw new ServiceError(
    'invalid',
    'credential_kind',
    `${provider.manifest.label} takes ${provider.manifest.credentialKinds.join(' or ')}.`,
    { 'credential.kind': 'Choose another kind of credential.' },
  );
}

export function nameTaken(name: string): ServiceError {
  return new ServiceError(
    'conflict',
    'name_taken',
    `There is already a connection called “${name}”. Choose another name.`,
    {
      name: 'Choose another name.',
    },
  );
}

/** Stores a provider account, its credential sealed. It stays `unchecked` until it is verified. Returns the new id. */
export async function createConnection(
  ctx: ServiceContext,
  input: z.output<typeof createConnectionInput>,
  settings = connectionSettings(),
): Promise<{ id: string }> {
  requirePermission(ctx.actor, 'connection.manage', null);
  const provider = providerOf(input.providerId);
  requireKind(provider, input.credential.kind);
  const origin = normaliseOrigin(
    input.origin ?? provider.manifest.defaultOrigin,
    settings.allowLoopbackHttp,
    settings.privateOrigins,
  );
  const authorities = input.authorities ? readAuthorities(input.authorities, ctx.clock.now()) : null;
  if (authorities) requireOwnServer(provider);
  const row = { id: newId('con'), providerId: input.providerId, origin };
  try {
    await ctx.db.transaction(async (tx) => {
      await tx.insert(connections).values({
        ...row,
        name: input.name,
        ...credentialColumns(settings, row, input.credential),
        ...authorityColumns(settings.keys, row, authorities),
        credentialSince: sql`now()`,
        createdBy: personId(ctx.actor),
      });
      await record(tx, ctx, row.id, {
        verb: 'create',
        sentence: `Connected “${input.name}” (${provider.manifest.label}, ${origin}).`,
        data: {
          ...{ name: input.name, providerId: input.providerId, origin, credentialKind: input.credential.kind },
          ...(authorities ? { authorities: authorities.facts } : {}),
        },
      });
    });
  } catch (error) {
    throw isUniqueViolation(error, 'connections_name_key') ? nameTaken(input.name) : error;
  }
  return { id: row.id };
}

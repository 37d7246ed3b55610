import type { CredentialReport, ProviderContext } from '../port';
import { call } from './client';
import { type Rule, rulesSchema, versionSchema } from './schema';

interface Claims {
  sub?: unknown;
  exp?: unknown;
  'kubernetes.io'?: unknown;
}

/** Two requests: what the server is, and what the account may do in its own namespace; both say whether the token is good. */
export async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const claims = claimsOf(c);
  const open = { made: null, right: 'the role system:discovery' };
  const { gitVersion } = await call(c, { method: 'GET', path: '/version/', about: 'version', ...open }, versionSchema);
  const namespace = namespaceOf(claims) ?? 'default';
  const { status } = await call(
    c,
    {
      ...{ method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', ...open },
      ...{ about: 'review of its own rights', body: { spec: { namespace } } },
    },
    rulesSchema,
  );
  const scopes = scopesOf(status.resourceRules);
  const named = typeof claims.sub === 'string' ? claims.sub.replace(/^system:serviceaccount:/, '') : 'a token';
  const ends = typeof claims.exp === 'number' ? new Date(claims.exp * 1000).toISOString() : null;
  const notes = notesOf(status.resourceRules, namespace);
  return {
    ok: true,
    account: `${named} (Kubernetes ${gitVersion})`,
    ...{ scopes, problems: [], expiresAt: ends },
    ...(notes.length > 0 ? { notes } : {}),
  };
}

const SHOWN = ['deployments', 'replicasets', 'pods', 'configmaps', 'secrets'];

/** `get secrets`, for what this console asks for; what is named is one object's only. */
export function scopesOf(rules: readonly Rule[]): string[] {
  const words = rules.flatMap(({ verbs, resources, resourceNames }) =>
    SHOWN.filter((resource) => resources?.some((each) => each === resource || each === '*')).flatMap((resource) =>
      verbs.map((verb) => `${verb} ${resource}${resourceNames?.length ? ` ${resourceNames.join(', ')}` : ''}`),
    ),
  );
  return [...new Set(words)].sort().slice(0, 40);
}

/** More than is needed is worth a word: this token lies in another system. */
function notesOf(rules: readonly Rule[], namespace: string): string[] {
  const all = rules.some(
    ({ resources, resourceNames, verbs }) =>
      !resourceNames?.length &&
      resources?.some((each) => each === 'secrets' || each === '*') &&
      verbs.some((verb) => verb === '*' || verb === 'list' || verb === 'get'),
  );
  return all
    ? [`It may read every Secret in ${namespace}. A Role that names the objects is enough; see “Add a connection”.`]
    : [];
}

/** What the token says of itself; it is a JWT, unless somebody made it by other means. Not believed, only shown. */
function claimsOf({ credential }: ProviderContext): Claims {
  if (credential.kind !== 'token') return {};
  const [, body = ''] = credential.token.reveal().split('.');
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function namespaceOf(claims: Claims): string | null {
  const bound = claims['kubernetes.io'];
  const named = typeof bound === 'object' && bound !== null && 'namespace' in bound ? bound.namespace : null;
  return typeof named === 'string' && /^[a-z0-9-]{1,63}$/.test(named) ? named : null;
}

import { z } from 'zod';
import type { CredentialReport, ProviderContext } from '../port';
import { type Answer, read } from './client';
import { installationSchema, userSchema } from './schema';

/** What an installation needs, and what is lost without it. The first two are indispensable. */
const NEEDED: { permission: string; access: 'read' | 'write'; loss: string; vital: boolean }[] = [
  { permission: 'actions', access: 'write', loss: 'nothing can be deployed, cancelled or re-run', vital: true },
  { permission: 'contents', access: 'read', loss: 'branches, commits and workflow files cannot be read', vital: true },
  { permission: 'checks', access: 'read', loss: 'the CI state of commits is not shown', vital: false },
  { permission: 'statuses', access: 'read', loss: 'the CI state of commits never counts as good', vital: false },
];

/** One or two cheap reads: who is this, what may it do, how long does it hold? Throws when it is refused outright. */
export function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  return c.credential.kind === 'app' ? verifyApp(c, c.credential.installationId) : verifyToken(c);
}

async function verifyToken(c: ProviderContext): Promise<CredentialReport> {
  const answer = await read(c, { route: 'GET /user', about: { what: 'account', subject: '' } }, userSchema);
  const header = answer.headers['x-oauth-scopes'];
  // Only classic tokens tell their scopes; a fine-grained one shows what it may do when it does it.
  const classic = typeof header === 'string';
  const scopes = classic
    ? header
        .split(',')
        .map((scope) => scope.trim())
        .filter(Boolean)
    : [];
  const problems: string[] = [];
  if (classic && !scopes.includes('repo') && !scopes.includes('public_repo')) {
    problems.push(
      'The token lacks the scope “repo”, so nothing can be deployed. Make a new token that has it and store it here.',
    );
  }
  const expiresAt = expiryOf(answer);
  if (expiresAt && Date.parse(expiresAt) - c.now() < 7 * 86_400_000) {
    problems.push(`The token expires on ${expiresAt.slice(0, 10)}. Make a new one before that and store it here.`);
  }
  const ok = !problems.some((problem) => problem.includes('nothing can be deployed'));
  return { ok, account: answer.data.login, scopes, problems, expiresAt };
}

/** `2026-12-01 08:00:00 UTC` or `… +0200`; null when the token never expires. */
function expiryOf(answer: Answer<unknown>): string | null {
  const value = String(answer.headers['github-authentication-token-expiration'] ?? '');
  const time = Date.parse(
    value.replace(
      /^(\S+) (\S+) (?:UTC|([+-]\d{2}):?(\d{2}))$/,
      (_, day, clock, h, m) => `${day}T${clock}${h ? `${h}:${m}` : 'Z'}`,
    ),
  );
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

async function verifyApp(c: ProviderContext, installationId: string): Promise<CredentialReport> {
  const about = { what: 'installation', subject: installationId } as const;
  const app = await read(c, { route: 'GET /app', about }, z.object({ slug: z.string().optional(), name: z.string() }));
  const answer = await read(
    c,
    { route: 'GET /app/installations/{installation_id}', params: { installation_id: Number(installationId) }, about },
    installationSchema,
  );
  const { account, permissions, suspended_at } = answer.data;
  const missing = NEEDED.filter((need) => !grants(permissions[need.permission], need.access));
  const problems = missing.map(
    (need) =>
      `The App lacks the permission “${need.permission}: ${need.access}”: ${need.loss}. Grant it in the App’s settings, then accept it at the installation.`,
  );
  if (suspended_at) problems.push('The installation is suspended. Lift the suspension at GitHub.');
  return {
    ok: !suspended_at && !missing.some((need) => need.vital),
    account: `${account?.login ?? account?.slug ?? 'unknown'} (App ${app.data.name})`,
    scopes: Object.entries(permissions).map(([name, access]) => `${name}:${access}`),
    problems,
    expiresAt: null,
  };
}

function grants(given: string | undefined, needed: 'read' | 'write'): boolean {
  return given === 'write' || given === 'admin' || (needed === 'read' && given === 'read');
}

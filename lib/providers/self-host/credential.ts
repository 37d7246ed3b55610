import type { CredentialReport, ProviderContext } from '../port';
import { call } from './client';
import { agentSchema } from './schema';

/** One cheap read: which agent, and what the token may do. Its tokens never end. */
export async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const { token, apps } = await call(c, { method: 'GET', path: '', about: 'agent at this address' }, agentSchema);
  const mayDeploy = token.role === 'deploy';
  const problem = `The token “${token.name}” has the role ${token.role}. Make one with the role deploy in the agent’s configuration.`;
  const account = `${token.name} (${apps.join(', ')})`;
  return { ok: mayDeploy, account, scopes: [token.role], problems: mayDeploy ? [] : [problem], expiresAt: null };
}

import type { Actor } from '@/lib/auth/actor';
import type { DbOrTx } from '@/lib/auth/context';
import { branchIn, hasBranches } from '@/lib/targets/server/own-place';
import { type KnownTarget, readKnown } from './known-targets';
import { shownTo } from './other-place';
import type { DeploymentRow } from './rows';

type Sent = Pick<DeploymentRow, 'environmentId' | 'connectionId' | 'providerId' | 'targetId' | 'config' | 'ref'>;

/**
 * Why a branch is not built as a preview: its address at the host is that of a target of another environment or component, and
 * of none of its own; null where it may. A tag called like a branch counts as that. See `otherPlace` for the reader.
 */
export async function branchOfOthers(db: DbOrTx, sent: Sent, reader: Actor | null = null): Promise<string | null> {
  if (!hasBranches(sent.providerId)) return null;
  const known = await readKnown(db, sent);
  const { itself, server, atServer } = known;
  const branch = server && branchIn(server, sent.config, sent.ref);
  if (!itself || !branch) return null;
  const { key, setting } = branch;
  const isNamedBy = ({ connection, config }: KnownTarget) =>
    branchIn(connection, config, String(config[setting] ?? ''))?.key === key;
  const named = atServer.filter(isNamedBy);
  const [taken] = named;
  const isOwn = ({ id, componentId }: KnownTarget) => id === sent.environmentId && componentId === itself.componentId;
  if (!taken || named.some(isOwn)) return null;
  return `The address of ${branch.is} is that of a target of ${shownTo(reader, known, taken)}, and this build would be served there. Deploy another branch; or an administrator names it as the branch that is offered first here as well, or gives this target a project of its own.`;
}

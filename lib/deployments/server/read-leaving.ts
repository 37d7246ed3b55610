import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { capability } from '@/lib/providers/port';
import { hasCommit } from '../model/publish';
import { NO_COMMITS } from '../model/published-view';
import type { Leaving } from '../model/roll-back';
import { sourceOfPackage } from './package-checks';
import { asRefusal } from './read-provider';
import type { LoadedTarget } from './read-scope';
import type { DeploymentRow } from './rows';

const NONE = { leaving: [], totalLeaving: 0, url: null, leavingProblem: null, arriving: 0 };
const UNTOLD = 'The host does not tell the commit of what it serves, so what leaves is not known.';

/**
 * What goes away where a commit takes the place of another; null = the host does not tell that one, undefined = there is
 * none. The page is of use without the provider: then it says why the commits are missing.
 */
export async function readLeaving(
  ctx: ServiceContext,
  { target, connection }: LoadedTarget,
  row: DeploymentRow,
  from: string | null | undefined,
): Promise<Leaving & { arriving: number }> {
  if (from === null) return { ...NONE, leavingProblem: UNTOLD };
  if (!from || from === row.sha) return NONE;
  if (row.dispatch.publish && !hasCommit(row.dispatch.publish, row.sha))
    return { ...NONE, leavingProblem: NO_COMMITS.unnamed };
  try {
    const source = row.dispatch.publish
      ? await sourceOfPackage(ctx, row)
      : { open: await ctx.openConnection(connection.id), config: target.config };
    if (!source) return { ...NONE, leavingProblem: NO_COMMITS.unread };
    const { provider, context } = source.open;
    const seen = await capability(provider, 'source').compare(context, source.config, from, row.sha);
    const { leaving, totalLeaving, totalIncluded, url } = seen;
    return { leaving, totalLeaving, url: url || null, leavingProblem: null, arriving: totalIncluded };
  } catch (error) {
    return { ...NONE, leavingProblem: asRefusal(error).sentence };
  }
}

import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import {
  type Commit,
  capability,
  type ProviderContext,
  ProviderError,
  type Ref,
  type TargetConfig,
} from '@/lib/providers/port';
import type { RevisionOption } from '../model/view';
import { settingsOf } from './read-composer';
import { loadTarget } from './read-scope';

type Source = ReturnType<typeof capability<'source'>>;

interface Asked {
  source: Source;
  context: ProviderContext;
  config: TargetConfig;
  defaultRef: string;
}

const LOOKS_LIKE_SHA = /^[0-9a-f]{7,40}$/i;

/**
 * Branches and tags whose name contains the query, then commits of the default branch whose id or message does.
 * Throws `ProviderError` when the provider does not answer: there is nothing to choose from without it.
 */
export async function searchRevisions(
  ctx: ServiceContext,
  input: { targetId: string; query: string },
): Promise<RevisionOption[]> {
  const asked = await ask(ctx, input.targetId);
  const query = input.query.trim();
  const [refs, commits] = await Promise.all([
    asked.source.refs(asked.context, asked.config, query),
    findCommits(asked, query),
  ]);
  const branch = refs.find((ref) => ref.name === asked.defaultRef);
  return [
    ...byUse(refs, asked.defaultRef).map(refOption),
    ...commits.map((commit) => commitOption(commit, branch, asked)),
  ];
}

/** One page of a ref's commits, newest first, with their check states. Throws `ProviderError`. */
export async function listCommits(
  ctx: ServiceContext,
  input: { targetId: string; ref: string; page: number },
): Promise<Commit[]> {
  const asked = await ask(ctx, input.targetId);
  return asked.source.commits(asked.context, asked.config, input.ref, input.page);
}

async function ask(ctx: ServiceContext, targetId: string): Promise<Asked> {
  const { target, connection } = await loadTarget(ctx, targetId);
  const { provider, context } = await ctx.openConnection(connection.id);
  return {
    source: capability(provider, 'source'),
    context,
    config: target.config,
    defaultRef: settingsOf(target.config).defaultRef,
  };
}

async function findCommits({ source, context, config, defaultRef }: Asked, query: string): Promise<Commit[]> {
  if (query.length < 3) return [];
  const wanted = query.toLowerCase();
  const recent = await source.commits(context, config, defaultRef, 1).catch(nothingIfAbsent);
  const found = recent.filter((each) => each.sha.startsWith(wanted) || each.message.toLowerCase().includes(wanted));
  if (found.length > 0 || !LOOKS_LIKE_SHA.test(query)) return found;
  return source.commit(context, config, wanted).then((commit) => [commit], nothingIfAbsent);
}

/** An id or a ref that is not there is an empty answer to a search, not a failure. */
function nothingIfAbsent(error: unknown): Commit[] {
  if (error instanceof ProviderError && (error.kind === 'notFound' || error.kind === 'rejected')) return [];
  throw error;
}

/** The default branch first, then branches, then tags; the provider's own order within. */
function byUse(refs: Ref[], defaultRef: string): Ref[] {
  const weight = (ref: Ref) => (ref.name === defaultRef ? 0 : ref.kind === 'branch' ? 1 : 2);
  return [...refs].sort((a, b) => weight(a) - weight(b));
}

function refOption(ref: Ref): RevisionOption {
  return {
    ref: ref.name,
    refKind: ref.kind,
    sha: ref.sha,
    label: ref.name,
    detail: `${ref.kind === 'branch' ? 'Branch' : 'Tag'} at ${ref.sha.slice(0, 7)}`,
    checks: null,
  };
}

function commitOption(commit: Commit, branch: Ref | undefined, { defaultRef }: Asked): RevisionOption {
  return {
    ref: defaultRef,
    refKind: branch?.kind ?? 'branch',
    sha: commit.sha,
    label: commit.message.split('\n')[0] ?? '',
    detail: `${commit.sha.slice(0, 7)} by ${commit.author}`,
    checks: commit.checks,
  };
}

import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { PackageRow } from '@/lib/extensions/server/load-package';
import { ServiceError } from '@/lib/kernel/errors';
import {
  capability,
  type DeployForm,
  type Observation,
  type PackageToPublish,
  ProviderError,
  type RemoteRef,
} from '@/lib/providers/port';
import { type Publish, type PublishByRun, refOfPublish } from '../model/publish';
import type { Leased } from './claim';
import { dispatchOf } from './form';
import type { DeploymentRow } from './rows';
import { starterOf } from './starter';

type Wanted = Omit<PackageToPublish, 'bytes' | 'requestedBy'>;

/** As the blueprint calls it: the workflow fetches the package of this digest here instead of making one. */
const FROM_CONSOLE = 'from_console';

/** As the blueprint and `vsce package` call it: the platform to package for; without it the one for all is made. */
const TARGET = 'target';

/**
 * Where a gallery is published to by a workflow: who runs it and with which inputs, read once before anything is written
 * down. Null where the gallery takes the package itself. `unmade`: why no workflow can make it of a commit; then one has to
 * fetch it here. Throws `ServiceError` `workflow_takes_no_digest`, `package_for_platform`, what `unmade` says, and
 * `ProviderError`.
 */
export async function runFor(
  ctx: ServiceContext,
  { provider }: OpenConnection,
  config: Record<string, unknown>,
  wanted: Wanted,
  unmade: ServiceError | null,
): Promise<{ by: PublishByRun; findable: boolean } | null> {
  const by = provider.methods.publish?.through?.(config, wanted) ?? null;
  if (!by) return null;
  const open = await ctx.openConnection(by.connectionId);
  const form = await capability(open.provider, 'workflows').form(open.context, by.config, `refs/heads/${by.ref}`);
  const names = form.fields.map(({ name }) => name);
  const missing = ['sha256', 'version'].filter((name) => !names.includes(name));
  if (form.reserved.sha === null) missing.push('sha');
  if (missing.length > 0) {
    const sentence = `The workflow ${form.source.path} takes no ${missing.join(' and no ')}, so it could publish something else. Propose the blueprint of the extension once more, and merge it.`;
    throw new ServiceError('precondition', 'workflow_takes_no_digest', sentence);
  }
  const kept = unmade ?? whyOfPlatform(form, wanted.targetPlatform);
  if (kept && !names.includes(FROM_CONSOLE)) throw kept;
  const platform = wanted.targetPlatform === 'universal' ? {} : { [TARGET]: wanted.targetPlatform };
  const given = { ...by.inputs, ...(kept ? { [FROM_CONSOLE]: true } : platform) };
  const inputs = Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
  const { digest } = form.source;
  return {
    by: { ...by, inputs, ...(digest ? { formDigest: digest } : {}) },
    findable: dispatchOf(form, open.provider).findable,
  };
}

/** The one request: start the workflow that makes this package of its commit, and publishes it only when the digest is right. */
export async function startRun(
  ctx: ServiceContext,
  row: DeploymentRow,
  marker: string,
  { by, leased }: { by: PublishByRun; leased: Leased },
): Promise<RemoteRef | null> {
  const { open, config } = await starterOf(ctx, row);
  const revision = { ref: by.ref, refKind: 'branch', sha: row.sha } as const;
  const { formDigest, inputs } = by;
  try {
    const wanted = { marker, revision, inputs, formDigest };
    return await capability(open.provider, 'deploy').trigger(leased(open.context), config, wanted);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'form_changed') throw error;
    const sentence =
      'The workflow that publishes was changed since this was asked for, so it was not started. Look at the change, then publish again.';
    throw new ProviderError('rejected', 'workflow_changed', sentence);
  }
}

/** How the run is, also when it is over; null where there never was one, because the package was there already. */
export async function observeRun(
  ctx: ServiceContext,
  row: DeploymentRow,
  publish: Publish,
): Promise<Observation | null> {
  if (!publish.by || row.remoteId === null || row.remoteId === refOfPublish(publish, null).id) return null;
  const { open, config } = await starterOf(ctx, row);
  const ref = { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
  return capability(open.provider, 'status').observe(open.context, config, ref);
}

/** It does nothing any more; what it published before its end, the gallery knows, however it ended. */
export function isOver({ phase }: Observation): boolean {
  return phase === 'done' || phase === 'failed' || phase === 'cancelled' || phase === 'timed_out';
}

const unmakable = (code: string, sentence: string) => new ServiceError('precondition', code, sentence);
const FETCHED =
  'let the workflow fetch it here: write the address of this console into the settings of its blueprint, and merge the proposal.';

/** Why no workflow makes this very package of a commit; null = one can. */
export function whyUnmade({ id, source }: Pick<PackageRow, 'id' | 'source'>, sha: string): ServiceError | null {
  const way = 'This place is published to by a workflow, which makes the package of a commit';
  if (source.kind === 'republish')
    return unmakable(
      'package_made_again',
      `${way}, and this one was made again here from an older package. Let a run package that commit with this version, and take in what it has built. Or ${FETCHED}`,
    );
  if (!id.startsWith(sha)) return null;
  return unmakable(
    'package_without_commit',
    `${way}, and this one came without any. Take it in from the run that made it, which names its commit. Or ${FETCHED}`,
  );
}

/** A workflow that cannot be told the platform makes the package for all, which has another digest; null = it can. */
function whyOfPlatform({ fields, source }: DeployForm, platform: string): ServiceError | null {
  const field = fields.find(({ name }) => name === TARGET);
  const isTold = field?.type === 'string' || (field?.type === 'choice' && field.options.includes(platform));
  if (platform === 'universal' || isTold) return null;
  const asked = `This package is for ${platform}, and the workflow ${source.path} cannot be told which platform to package for`;
  return unmakable(
    'package_for_platform',
    `${asked}. Propose the blueprint of the extension once more, and merge it: it has the input “${TARGET}”. Or ${FETCHED}`,
  );
}

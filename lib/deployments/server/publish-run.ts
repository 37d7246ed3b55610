import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { PackageRow } from '@/lib/extensions/server/load-package';
import { ServiceError } from '@/lib/kernel/errors';
import {
  type AnyProvider,
  capability,
  type DeployForm,
  type Observation,
  type PackageToPublish,
  ProviderError,
  type RemoteRef,
  type Revision,
} from '@/lib/providers/port';
import { namesEnvironment } from '../model/own-environment';
import { type Publish, type PublishByRun, refOfPublish } from '../model/publish';
import { fixedInputs } from '../model/still-fixed';
import type { Leased } from './claim';
import { dispatchOf } from './form';
import { leadsAway, OTHER_ENVIRONMENT, ownFields, requireOwnJobs } from './own-environment';
import type { DeploymentRow, LoadedTarget } from './rows';
import { starterOf } from './starter';

type Wanted = Omit<PackageToPublish, 'bytes' | 'requestedBy'>;
type Values = PublishByRun['inputs'];

/** As the blueprint calls it: the workflow fetches the package of this digest here instead of making one. */
const FROM_CONSOLE = 'from_console';
const FETCHED_HERE: Values = { [FROM_CONSOLE]: true };

/** As the blueprint and `vsce package` call it: the platform to package for; without it the one for all is made. */
const TARGET = 'target';

type Told = Omit<DeploymentRow['dispatch'], 'publish'>;

/**
 * Where a gallery is published to by a workflow: who runs it and with which inputs, its own environment among them, read once
 * before anything is written down. Null where the gallery takes the package itself. `unmade`: why no workflow can make it of a
 * commit; then one has to fetch it here. Throws `ServiceError` `workflow_takes_no_digest`, `package_for_platform`,
 * `other_environment`, what `unmade` says, and `ProviderError`.
 */
export async function runFor(
  ctx: ServiceContext,
  { provider }: OpenConnection,
  loaded: LoadedTarget,
  { sha, ...wanted }: Wanted & { sha: string },
  unmade: ServiceError | null,
): Promise<{ by: PublishByRun; told: Told } | null> {
  const by = provider.methods.publish?.through?.(loaded.target.config, wanted) ?? null;
  if (!by) return null;
  const open = await ctx.openConnection(by.connectionId);
  // What it does not take is not sent, so all that it takes is read first.
  const config = { ...by.config, inputs: {} };
  const form = await capability(open.provider, 'workflows').form(open.context, config, `refs/heads/${by.ref}`);
  requireDigest(form);
  const names = form.fields.map(({ name }) => name);
  const kept = unmade ?? whyOfPlatform(form, wanted.targetPlatform);
  if (kept && !names.includes(FROM_CONSOLE)) throw kept;
  const platform: Values = wanted.targetPlatform === 'universal' ? {} : { [TARGET]: wanted.targetPlatform };
  const taken = (values: Values) => Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
  const fixed = taken(fixedInputs(by.config));
  const inputs = taken({ ...by.inputs, ...(kept ? FETCHED_HERE : platform) });
  const { digest } = form.source;
  const run = { ...by, config: { ...by.config, inputs: fixed }, inputs, ...(digest ? { formDigest: digest } : {}) };
  return inOwnEnvironment(ctx, open.provider, loaded, { form, run, sha });
}

function requireDigest({ fields, reserved, source }: DeployForm): void {
  const missing = ['sha256', 'version'].filter((name) => !fields.some((field) => field.name === name));
  if (reserved.sha === null) missing.push('sha');
  if (missing.length === 0) return;
  const sentence = `The workflow ${source.path} takes no ${missing.join(' and no ')}, so it could publish something else. Propose the blueprint of the extension once more, and merge it.`;
  throw new ServiceError('precondition', 'workflow_takes_no_digest', sentence);
}

/** As any run: it is told the target's own environment, and goes to no other. Throws `ServiceError` `other_environment`. */
async function inOwnEnvironment(
  ctx: ServiceContext,
  provider: AnyProvider,
  { target, environment }: LoadedTarget,
  { form: read, run, sha }: { form: DeployForm; run: PublishByRun; sha: string },
): Promise<{ by: PublishByRun; told: Told }> {
  const { connectionId, config } = run;
  const [closed, open] = [true, false].map((is) =>
    read.fields.filter(({ name }) => Object.hasOwn(fixedInputs(config), name) === is),
  );
  const form = { ...read, fields: open ?? [], fixed: closed ?? [] };
  const scope = { environmentId: environment.id, connectionId, targetId: target.id, config };
  const fields = await ownFields(ctx.db, scope, form, run.inputs);
  const own = fields.flatMap((field) =>
    namesEnvironment(field) && field.default !== null ? [[field.name, field.default] as const] : [],
  );
  const inputs = { ...Object.fromEntries(own), ...run.inputs };
  const runsIn = await requireOwnJobs(ctx.db, { ...scope, ...revisionOf(run, sha) }, provider, form, inputs);
  const { form: _file, ...told } = dispatchOf(form, provider, runsIn);
  return { by: { ...run, inputs }, told };
}

const revisionOf = ({ ref }: PublishByRun, sha: string): Revision => ({ ref, refKind: 'branch', sha });

/** The one request: start the workflow that makes this package of its commit, and publishes it only when the digest is right. */
export async function startRun(
  ctx: ServiceContext,
  row: DeploymentRow,
  marker: string,
  { by, leased }: { by: PublishByRun; leased: Leased },
): Promise<RemoteRef | null> {
  const { open, config } = await starterOf(ctx, row);
  await requireOwnRun(ctx, row, by, open.provider);
  const revision = revisionOf(by, row.sha);
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

/** Settings of targets may be others by now. Throws `ProviderError` `other_environment`. */
async function requireOwnRun(ctx: ServiceContext, row: DeploymentRow, by: PublishByRun, provider: AnyProvider) {
  const { publish: _package, ...dispatch } = row.dispatch;
  const { connectionId, config, inputs } = by;
  // A package that goes back does so under a higher number: it is published like any.
  const run = { ...row, ...revisionOf(by, row.sha), kind: 'deploy' as const, connectionId, config, inputs, dispatch };
  const sentence = await leadsAway(ctx.db, run, provider);
  if (sentence) throw new ProviderError('rejected', OTHER_ENVIRONMENT, sentence);
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

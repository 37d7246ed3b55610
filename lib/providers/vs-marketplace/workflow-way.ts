import type { PackageToPublish, PublishRun, TargetConfig } from '../port';
import { targetConfig } from './manifest';

/** The workflow that publishes for this target; null = the stored token does. */
export function runOf(config: TargetConfig) {
  const parsed = targetConfig.safeParse(config);
  if (!parsed.success) return null;
  const { repository, workflow, workflowConnection, workflowBranch, workflowEnvironment } = parsed.data;
  if (!repository || !workflow || !workflowConnection) return null;
  return { repository, workflow, workflowConnection, workflowBranch, workflowEnvironment };
}

/** Exactly this package: the workflow makes it of its commit and goes no further when the digest is another. */
export function through(
  config: TargetConfig,
  { version, sha256, prerelease }: Pick<PackageToPublish, 'version' | 'sha256' | 'prerelease'>,
): PublishRun | null {
  const run = runOf(config);
  if (!run) return null;
  const { repository, workflow, workflowConnection: connectionId, workflowBranch: ref, workflowEnvironment } = run;
  const channel = prerelease ? 'pre-release' : 'stable';
  const fixed: Record<string, string> = workflowEnvironment ? { environment: workflowEnvironment } : {};
  return {
    ...{ connectionId, ref },
    config: { repository, workflow, defaultRef: ref, inputs: fixed },
    inputs: {
      ...{ version, sha256, channel, dry_run: false },
      // As the blueprint calls it, and as a workflow of one's own may; what it does not take is not sent.
      ...{ publish_to: 'vs-marketplace', marketplace: 'vs-marketplace' },
      ...fixed,
    },
  };
}

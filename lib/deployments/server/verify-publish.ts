import type { ServiceContext } from '@/lib/auth/context';
import { lookThere } from '@/lib/publications/server/look-there';
import { movePublication, stoodSince } from '@/lib/publications/server/move-publication';
import { otherContent, type Standing, standingThere } from '@/lib/publications/server/standing-there';
import type { Publish } from '../model/publish';
import { aboutPublication, trackPlaced, withinOf } from './publish';
import type { DeploymentRow } from './rows';

export type Proof =
  | { kind: 'live'; sentence: string; proof: Record<string, unknown> }
  | { kind: 'not_live'; waitingFor: string; failure: string; trouble: null; withinMinutes: number }
  | { kind: 'refused'; code: string; sentence: string };

/**
 * Proof of live: the gallery is asked as a VS Code client does, and what it hands out has to be this package, byte for
 * byte. Throws `ProviderError`.
 */
export async function provePublished(ctx: ServiceContext, row: DeploymentRow, publish: Publish): Promise<Proof> {
  const open = await ctx.openConnection(row.connectionId, 'watch');
  const { provider } = open;
  const seen = await stoodSince(ctx, { ...publish, targetId: row.targetId });
  const seenAs = await lookThere(ctx, open, row.config, publish);
  const there = await standingThere(open, row.config, publish, { seenAs });
  // Fetching it takes minutes at times: what was taken away meanwhile is not proven by it.
  const tracked = await trackPlaced(ctx, { provider, row, publish }, there.placed, seen);
  const { label } = provider.manifest;
  if (there.is === 'other') {
    const detail = otherContent(label, publish);
    await movePublication(
      ctx,
      aboutPublication(row, publish, label),
      { state: 'rejected', detail },
      withinOf(provider),
    );
    return { kind: 'refused', code: 'other_content', sentence: detail };
  }
  const isTaken = tracked.state === 'rejected' || tracked.state === 'unlisted' || tracked.state === 'quarantined';
  if (there.is === 'same' && !isTaken) return await verified(ctx, { row, publish, label }, there, withinOf(provider));
  if (tracked.state === 'rejected' || tracked.state === 'unlisted' || tracked.state === 'quarantined') {
    const sentence = tracked.detail ?? `${label} took it back after it had been there. Look at it there.`;
    return { kind: 'refused', code: `publication_${tracked.state}`, sentence };
  }
  return {
    kind: 'not_live',
    waitingFor: `${label} to give the version to clients`,
    failure: `${label} said that it is there, but a VS Code client that asks does not get it. Look at it there.`,
    trouble: null,
    withinMinutes: withinOf(provider).active,
  };
}

async function verified(
  ctx: ServiceContext,
  about: { row: DeploymentRow; publish: Publish; label: string },
  { sha256, url }: Standing,
  within: Parameters<typeof movePublication>[3],
): Promise<Proof> {
  const { row, publish, label } = about;
  const proof = { sha256: sha256 ?? '', url };
  await movePublication(ctx, aboutPublication(row, publish, label), { state: 'verified', proof }, within);
  const short = publish.packageId.slice(0, 12);
  const sentence = `${label} gives ${publish.publisher}.${publish.name} ${publish.version} to a client, and its content is the one that was published (sha256 ${short}…).`;
  return { kind: 'live', sentence, proof: { package: proof } };
}

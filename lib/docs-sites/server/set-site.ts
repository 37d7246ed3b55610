import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, ProviderError } from '@/lib/providers/port';
import { componentBySlug } from '@/lib/targets/server/component-by-slug';
import { type SetSiteInput, settingsLines } from '../model/site';
import { sitePlaces } from './places';
import { shownOf } from './shown';

/**
 * Sets who builds a repository's site and from what, by one request. Refuses when the settings are not what was shown any
 * more. Throws `ServiceError`, and `ProviderError` for what the provider refuses.
 */
export async function setSite(ctx: ServiceContext, input: SetSiteInput): Promise<{ now: string[] }> {
  requirePermission(ctx.actor, 'component.manage', null);
  const component = await componentBySlug(ctx, input.slug);
  const place = (await sitePlaces(ctx, component.id)).find(({ repository }) => repository === input.repository);
  if (!place)
    throw new ServiceError(
      'conflict',
      'place_unknown',
      'No target of this component names that repository any more. Open the page again.',
    );
  const { provider, context } = await ctx.openConnection(place.connectionId);
  const sites = capability(provider, 'site');
  const site = await sites.read(context, place.repository);
  const before = settingsLines(site);
  if (shownOf(site, input.wanted) !== input.shown)
    throw new ServiceError(
      'conflict',
      'site_changed',
      'The settings are not what was shown any more, so nothing was changed. Look at what they are now, then try again.',
    );
  const after = settingsLines(input.wanted);
  const what = `how ${place.repository} is served for ${component.name}: ${after.join(', ')}.`;
  const note = (sentence: string, trouble?: { outcome: 'failed'; code: string }) =>
    emitAudit(ctx.db, ctx, {
      action: 'component.set-site',
      resource: { kind: 'component', id: component.id },
      ...(trouble ?? { outcome: 'done' as const }),
      sentence,
      data: { repository: place.repository, before, after },
    });
  // Before anything leaves: whoever dies between the answer and the next line leaves this one.
  await note(`Began to change ${what}`);
  try {
    await sites.change(context, place.repository, input.wanted);
  } catch (error) {
    const [code, why] =
      error instanceof ProviderError ? [error.code, error.message] : ['console_bug', 'A mistake of ours.'];
    const isUnclear = !(error instanceof ProviderError) || error.ambiguous;
    await note(`${isUnclear ? 'It is not known whether it changed' : 'Could not change'} ${what} ${why}`, {
      outcome: 'failed',
      code,
    });
    throw error;
  }
  await note(`Changed ${what}`);
  return { now: after };
}

import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { type ComponentRow, componentBySlug } from '@/lib/targets/server/component-by-slug';
import { type ReadSetupInput, type SetupPlace, type SetupView, startingSettings } from '../model/setup';
import { inspect, keptSettings } from './inspect';
import { knownEnvironments, knownPlaces } from './places';

/**
 * What a component's repository has, what it lacks and what differs. What the provider or the settings refuse is part of
 * the answer; throws for who asks and for an unknown component. Costs provider quota.
 */
export async function readSetup(ctx: ServiceContext, input: ReadSetupInput): Promise<SetupView> {
  requirePermission(ctx.actor, 'component.manage', null);
  const component = await componentBySlug(ctx, input.slug);
  const { places, unasked } = await knownPlaces(ctx, component.id);
  const place = places.find(({ repository }) => repository === input.repository) ?? places[0] ?? null;
  const view: SetupView = {
    component: { slug: component.slug, name: component.name },
    places,
    place,
    settings: input.settings ?? '',
    settingsFrom: input.settings === undefined ? 'start' : 'person',
    wrong: {},
    inspection: null,
    problem: null,
  };
  if (!place) return { ...view, problem: unasked === null ? NO_PLACE : onlyGalleries(unasked) };
  try {
    const chosen = input.settings === undefined ? await suggested(ctx, component, place) : {};
    Object.assign(view, chosen);
    const { inspection, settings } = await inspect(ctx, place, component.slug, view.settings);
    return { ...view, inspection, settings: JSON.stringify(settings, null, 2) };
  } catch (error) {
    const problem = refusalIn(error);
    const wrong = problem.code === 'blueprint_settings' && error instanceof ServiceError ? error.fields : undefined;
    return { ...view, problem, wrong: wrong ?? {} };
  }
}

const NO_PLACE: Refusal = {
  code: 'no_repository_known',
  sentence: 'No target of this component names a repository yet. Add one under What you deploy, then set it up here.',
};

const onlyGalleries = (repository: string): Refusal => ({
  code: 'no_repository_known',
  sentence: `Only a gallery’s target names ${repository}, and nothing can be proposed through a gallery. Add a target of this component with the connection that ${repository} is reached by, such as GitHub, then set it up here.`,
});

async function suggested(
  ctx: ServiceContext,
  component: ComponentRow,
  place: SetupPlace,
): Promise<Pick<SetupView, 'settings' | 'settingsFrom'>> {
  const kept = await keptSettings(ctx, place, component.slug);
  if (kept !== null) return { settings: kept, settingsFrom: 'repository' };
  const { kind, slug, name, paths } = component;
  if (kind === 'other') {
    const sentence = 'There are no blueprints for a component of this kind. Change its kind under What you deploy.';
    throw new ServiceError('precondition', 'no_blueprint', sentence);
  }
  const known = await knownEnvironments(ctx);
  const start = startingSettings({ kind, slug, name, paths, repository: place.repository, ...known });
  return { settings: JSON.stringify(start, null, 2), settingsFrom: 'start' };
}

/** An expected refusal as data; anything else is a bug and is thrown on. */
function refusalIn(error: unknown): Refusal {
  if (error instanceof ProviderError) return { code: error.code, sentence: error.message };
  if (error instanceof ServiceError && error.kind !== 'forbidden')
    return { code: error.code, sentence: error.sentence };
  throw error;
}

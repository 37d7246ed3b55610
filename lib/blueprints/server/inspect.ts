import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, type ProposedState } from '@/lib/providers/port';
import { compareFiles, recordedElsewhere, shownDigest } from '../model/compare';
import { type BlueprintFile, blueprintFiles, blueprintNeeds, recordPath } from '../model/generate';
import { type BlueprintSettings, blueprintSettings } from '../model/settings';
import { settingsProblems } from '../model/settings-problems';
import type { Inspection, SetupPlace } from '../model/setup';

export interface Inspected {
  state: ProposedState;
  wanted: BlueprintFile[];
  /** With every setting in it. */
  settings: BlueprintSettings;
  inspection: Inspection;
}

const proposalName = (slug: string): string => `setup-${slug}`;

/** The text of the settings that the repository keeps for a component; null when it keeps none that can be read. */
export async function keptSettings(ctx: ServiceContext, place: SetupPlace, slug: string): Promise<string | null> {
  const { provider, context } = await ctx.openConnection(place.connectionId, undefined, 'look');
  const path = recordPath(slug);
  const state = await capability(provider, 'proposals').read(context, place.repository, proposalName(slug), [path]);
  try {
    const kept: unknown = JSON.parse(state.files[path] ?? '');
    const settings = typeof kept === 'object' && kept !== null && 'settings' in kept ? kept.settings : null;
    return settings === null ? null : JSON.stringify(settings, null, 2);
  } catch {
    return null;
  }
}

/** Throws `ServiceError` invalid for settings that do not fit, `ProviderError` for what the provider refuses. */
export async function inspect(ctx: ServiceContext, place: SetupPlace, slug: string, text: string): Promise<Inspected> {
  const settings = settingsOf(text, place, slug);
  const wanted = await blueprintFiles(settings);
  const { provider, context } = await ctx.openConnection(place.connectionId, undefined, 'look');
  const paths = wanted.map(({ path }) => path);
  const proposals = capability(provider, 'proposals');
  const state = await proposals.read(context, place.repository, proposalName(slug), paths);
  const once = recordedElsewhere(state.files[recordPath(slug)], wanted);
  // Asked only when there is something to ask for.
  const there = once.length > 0 ? await proposals.read(context, place.repository, proposalName(slug), once) : null;
  const texts = Object.entries(state.files).filter((entry): entry is [string, string] => entry[1] !== null);
  const files = await compareFiles(new Map(texts), wanted, slug);
  const { base, at, open } = state;
  const inspection: Inspection = {
    base,
    at,
    open: open && { url: open.url, branch: open.branch },
    files,
    needs: blueprintNeeds(settings, await proposals.subject(context, place.repository)),
    leftOver: once.filter((path) => typeof there?.files[path] === 'string'),
    shown: await shownDigest(files),
    word: provider.manifest.capabilities.proposals?.word ?? 'proposal',
  };
  return { state, wanted, settings, inspection };
}

/** A proposal is made for this component in this repository, whatever the text says. */
function settingsOf(text: string, place: SetupPlace, slug: string): BlueprintSettings {
  const given = jsonOf(text);
  const parsed = blueprintSettings.safeParse(given);
  if (!parsed.success) throw invalid(settingsProblems(given));
  if (parsed.data.name !== slug || parsed.data.repository.toLowerCase() !== place.repository.toLowerCase()) {
    throw invalid({ '': `name has to be “${slug}”, and repository “${place.repository}”.` });
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid({ '': 'Write them as one JSON object.' });
  }
}

function invalid(problems: Record<string, string>): ServiceError {
  const [path, problem = 'They do not fit.'] = Object.entries(problems)[0] ?? [];
  const sentence = `These settings cannot be used. ${path ? `${path}: ` : ''}${problem}`;
  return new ServiceError('invalid', 'blueprint_settings', sentence, problems);
}

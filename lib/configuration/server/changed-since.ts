import type { OpenConnection } from '@/lib/auth/context';
import { type AnyProvider, capability, type SettingName, type TargetConfig } from '@/lib/providers/port';

export interface Changed extends SettingName {
  /** ISO 8601 in UTC. */
  changedAt: string;
}

/** A variable that this console sets itself before each start of a target with a mode, so that it is never out of date. */
export function ownVariable(provider: AnyProvider | undefined, mode: string | null): string | undefined {
  const traits = provider?.manifest.capabilities.rendering;
  return mode !== null && traits?.writes === 'variable' ? traits.name : undefined;
}

/**
 * The settings of one target that were changed at its provider after a moment (ISO 8601), and so are not in a build from
 * then. Null where the provider keeps none, or a change counts at once. Costs a few reads; throws `ProviderError`.
 */
export async function changedSince(
  { provider, context }: Pick<OpenConnection, 'provider' | 'context'>,
  target: { config: TargetConfig; environment: string; rendering: string | null },
  since: string,
): Promise<Changed[] | null> {
  if (provider.manifest.capabilities.configuration?.takesEffect !== 'next-deployment') return null;
  const methods = capability(provider, 'configuration');
  const { places, named } = await methods.reads(context, target.config, target.environment);
  const lists = await Promise.all(places.map(({ id, absent }) => (absent ? [] : methods.list(context, id))));
  const nearest = new Map<string, Changed>();
  for (const { kind, name, updatedAt } of lists.flat()) {
    const key = `${kind} ${name}`;
    // Of two of one name the nearer counts, whichever was changed.
    if (!nearest.has(key)) nearest.set(key, { kind, name, changedAt: updatedAt ?? '' });
  }
  const ours = ownVariable(provider, target.rendering);
  return [...nearest.values()]
    .filter(({ name }) => name !== ours)
    .filter(({ changedAt }) => changedAt !== '' && Date.parse(changedAt) > Date.parse(since))
    .filter(({ kind, name }) => named === null || named.some((each) => each.kind === kind && each.name === name));
}

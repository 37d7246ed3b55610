import { catalog } from '@/lib/providers/catalog.generated';

interface Started {
  providerId: string;
  connectionId: string;
  config: Record<string, unknown>;
}

/** By whose run a target is deployed, where that is not its own connection's: a workflow that publishes to a gallery. */
export function byRunOf(providerId: string) {
  return Object.hasOwn(catalog, providerId) ? (catalog[providerId]?.capabilities.publish?.byRun ?? null) : null;
}

/** The connection that a target's runs are started through: the one that its settings name for that, or its own. */
export function startedThrough({ providerId, connectionId, config }: Started): string {
  const by = byRunOf(providerId);
  const named = by && config.repository && config.workflow ? config[by.connection] : null;
  return named ? String(named) : connectionId;
}

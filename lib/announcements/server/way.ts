import type { ServiceContext } from '@/lib/auth/context';
import type { components, deployments, environments, targets } from '@/lib/db/schema';
import { publicUrl } from '@/lib/notifications/server/public-url';
import {
  type AnnouncedState,
  type CapabilityMap,
  type ProviderContext,
  ProviderError,
  type Said,
} from '@/lib/providers/port';
import { HOUR_SECONDS, type Standing, type Trouble } from '../model/outcome';
import { describe, isSkipped } from '../model/tell';
import type { AnnouncementRow } from './claims';

export interface About {
  deployment: typeof deployments.$inferSelect;
  target: typeof targets.$inferSelect;
  component: typeof components.$inferSelect;
  environment: typeof environments.$inferSelect;
}

export interface Told {
  ctx: ServiceContext;
  row: AnnouncementRow;
  about: About;
}

export interface Ask {
  methods: CapabilityMap['announcements']['methods'];
  context: ProviderContext;
  /** How the provider is called. */
  to: string;
}

/** One way after a pass, with the row as it stands then. */
export type Way = Standing & { row: AnnouncementRow };

/** Whose trouble it is says the caller: a refusal of one way is no other's. Throws what is no provider's answer. */
export function troubleOf(error: unknown): { trouble: Trouble; code: string; sentence: string } {
  if (!(error instanceof ProviderError)) throw error;
  return { trouble: kindOf(error), code: error.code, sentence: error.message.slice(0, 500) };
}

function kindOf({ kind, code, ambiguous, retryAfterMs }: ProviderError): Trouble {
  // A provider that says "later" is believed for an hour.
  if (kind === 'rateLimited') {
    const seconds = Math.ceil((retryAfterMs ?? 60_000) / 1_000);
    return { kind: 'limited', seconds: Math.min(HOUR_SECONDS, Math.max(5, seconds)) };
  }
  const isFinal = kind === 'auth' || kind === 'notFound' || kind === 'rejected';
  return isFinal && code !== 'conflict' ? { kind: 'refused' } : { kind: 'passing', ambiguous };
}

/** Why a way that is shut is so. */
export const whyShut = (code: string | null): Trouble => ({ kind: isSkipped(code) ? 'skipped' : 'refused' });

export const placeOf = ({ environment, component, target }: About) => ({
  environment: environment.slug,
  component: component.slug,
  label: target.label,
});

/** An address that only this machine can open helps nobody at the provider. */
const isLoopback = (url: string) => /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname);

const isLink = (url: string | null) => url !== null && /^https?:\/\//.test(url);

/** The deployment's page, where others can open it. */
export function linkOf(deploymentId: string): string | null {
  const page = publicUrl(`/deployments/${deploymentId}`);
  return isLink(page) && !isLoopback(page) ? page : null;
}

/** `state`: the word; what is described is `now`, which may be one that this way has no word for. */
export function saidOf({ deployment }: About, state: AnnouncedState, now: AnnouncedState = state): Said {
  return {
    state,
    description: describe(deployment.number, deployment.status, now),
    link: linkOf(deployment.id),
    log: isLink(deployment.remoteUrl) ? deployment.remoteUrl : null,
  };
}

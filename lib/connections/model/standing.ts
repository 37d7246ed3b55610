import { z } from 'zod';
import type { Capacity, ServiceStatus } from '@/lib/providers/port';
import { connectionId } from './schemas';

export const targetRef = z.strictObject({ targetId: z.string().min(1).max(80) });

export const capacityInput = z.strictObject({ id: connectionId, repository: z.string().max(200).optional() });

/** What a provider says about itself, as it was read last. */
export interface ServiceStatusView {
  provider: string;
  page: string;
  /** ISO 8601; null when it has not answered for a while, or never. */
  readAt: string | null;
  incidents: ServiceStatus['incidents'];
  maintenance: ServiceStatus['maintenance'];
  /** Why the newest question got no answer. */
  problem: string | null;
}

export interface CapacityView {
  /** Repositories that its targets name, as far as the reader may see them. */
  repositories: string[];
  repository: string | null;
  /** What the provider calls runners of one's own. */
  ownRunners: string;
  capacity: Capacity | null;
  problem: string | null;
}

/** Older than this, an answer is no longer about now. */
export const STATUS_HOLDS_MS = 15 * 60_000;

import { sql } from 'drizzle-orm';
import { maintenances as m } from '@/lib/db/schema';
import type { MaintenanceState } from '../model/words';

/** How a maintenance stands, by the database's clock. */
export const maintenanceState = sql<MaintenanceState>`case
  when ${m.endedAt} <= ${m.startsAt} then 'cancelled'
  when ${m.endedAt} is not null or now() >= ${m.endsAt} then 'done'
  when now() >= ${m.startsAt} then 'in_progress'
  else 'scheduled' end`;

import { sql } from 'drizzle-orm';
import { catalog } from '@/lib/providers/catalog.generated';
import { startsAnew } from '../model/hosting';

/** Hosts that start what is served again with the variables of now: nothing of then is in it. */
const STARTED_ANEW = JSON.stringify(
  Object.values(catalog)
    .filter(({ capabilities }) => startsAnew(capabilities))
    .map(({ id }) => id),
);

/**
 * A join to a deployment `d`: `b.submitted_at` is when the build that it serves again was first asked for, whose values it
 * has; null for what was built for it, and where its host starts it with the values of now.
 */
export const FIRST_ASKED_FOR = sql`
  left join lateral (
    select min(f.submitted_at) as submitted_at from deployments f join connections k on k.id = f.connection_id
    where d.dispatch ? 'serve' and f.connection_id = d.connection_id and f.remote_id = d.remote_id
      and k.provider_id not in (select jsonb_array_elements_text(${STARTED_ANEW}::jsonb))
  ) b on true`;

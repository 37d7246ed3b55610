import { eq, sql } from 'drizzle-orm';
import { components, environments, publicNames, targets } from '@/lib/db/schema';
import { LONGEST_NAME } from '../model/public';

const named = sql`coalesce(${publicNames.name}, '')`;
const section = sql`coalesce(${publicNames.section}, '')`;

/** What a target is called outside: joins components, environments and, as `ofName` says, the names that were chosen. */
export const publicWhere = {
  component: sql<string>`left(case when ${named} = '' then ${components.name} else ${named} end, ${LONGEST_NAME})`,
  environment: sql<string>`left(case when ${section} = '' then ${environments.name} else ${section} end, ${LONGEST_NAME})`,
  /** A name of its own tells it apart already. */
  label: sql<string>`left(case when ${named} = '' then ${targets.label} else '' end, ${LONGEST_NAME})`,
};

export const ofName = eq(publicNames.targetId, targets.id);

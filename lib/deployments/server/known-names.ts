import { and, eq, inArray } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments, releases } from '@/lib/db/schema';

/** By commit: the names under which a component released it, or was asked to deploy it as a tag, wherever that was. */
export async function knownNames(
  db: DbOrTx,
  componentId: string,
  shas: readonly string[],
): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>();
  if (shas.length === 0) return names;
  const released = await db
    .select({ sha: releases.sha, name: releases.version })
    .from(releases)
    .where(and(eq(releases.componentId, componentId), inArray(releases.sha, [...shas])));
  const tagged = await db
    .selectDistinct({ sha: deployments.sha, name: deployments.ref })
    .from(deployments)
    .where(
      and(
        eq(deployments.componentId, componentId),
        eq(deployments.refKind, 'tag'),
        inArray(deployments.sha, [...shas]),
      ),
    );
  for (const { sha, name } of [...released, ...tagged]) names.set(sha, [...(names.get(sha) ?? []), name]);
  return names;
}

import { sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { moveOwnPublications } from '@/lib/publications/server/move-own';

interface Gone extends Record<string, unknown> {
  id: string;
  namespace: string;
  name: string;
  version: string;
  platform: string;
  packageId: string;
}

/**
 * Retention: of each extension whose namespace says so, only the newest `keep` versions stay, of each platform and channel
 * that has any at least the newest, and what somebody fetched within 30 days. What goes can be neither found nor fetched;
 * its name stays taken, and its bytes stay in the store, because a roll-forward may need them. Answers how many went.
 */
export async function retireVersions(ctx: ServiceContext): Promise<number> {
  return await ctx.db.transaction(async (tx) => {
    const gone = await tx.execute<Gone>(sql`
      with ranked as (
        select v.id, n.keep,
          dense_rank() over (partition by v.extension_id order by v.sort_key desc) as age,
          row_number() over (partition by v.extension_id, v.platform, v.prerelease order by v.sort_key desc) as of_its_kind
        from gallery_versions v join gallery_namespaces n on n.name = v.namespace
        where n.keep is not null and v.yanked_at is null and v.retired_at is null
      )
      update gallery_versions v set retired_at = now() from ranked r
      where r.id = v.id and r.age > r.keep and r.of_its_kind > 1 and v.retired_at is null
        and not exists (select 1 from gallery_downloads d
          where d.version_id = v.id and d.kind <> 'uninstall' and d.day > (now() at time zone 'UTC')::date - 30)
      returning v.id, v.namespace, v.name, v.version, v.platform, v.package_id as "packageId"`);
    for (const { namespace, name, version, platform } of gone.rows)
      await emitAudit(tx, ctx, {
        action: 'gallery.retire',
        resource: { kind: 'extension', id: `${namespace}.${name}` },
        outcome: 'done',
        sentence: `${namespace}.${name} ${version} (${platform}) is older than what ${namespace} keeps, so the gallery does not offer it any more.`,
        data: { version, platform },
      });
    const packages = gone.rows.map(({ packageId }) => packageId);
    const detail = 'It is older than what its namespace keeps, so the gallery does not offer it any more.';
    await moveOwnPublications(tx, ctx, packages, { state: 'unlisted', detail });
    return gone.rows.length;
  });
}

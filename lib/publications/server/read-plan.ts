import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { deployGate, isOnlyFrozen } from '@/lib/deployments/model/eligibility';
import { readGateFacts } from '@/lib/deployments/server/gate';
import { packageGoesBackTo } from '@/lib/deployments/server/package-goes-back';
import { revisionOf } from '@/lib/deployments/server/publish-package';
import { requireTarget } from '@/lib/deployments/server/rows';
import { loadPackage, type PackageRow } from '@/lib/extensions/server/load-package';
import { policyOf } from '@/lib/gates/model/policy';
import { newId } from '@/lib/kernel/ids';
import { catalog } from '@/lib/providers/catalog.generated';
import type { AnyProvider, TargetConfig } from '@/lib/providers/port';
import type { PlaceView, PublishPlace, PublishPlan } from '../model/view';
import { namespaceStanding } from './namespace-standing';
import { lackingNamespace } from './own-namespace';
import { readCells, readPlaces, rowOf } from './read-publications';

const manifests: Readonly<Record<string, AnyProvider['manifest']>> = catalog;

/**
 * What a package can be published to, and what each place asks for. Costs no request to anybody, but where nothing came
 * through yet at a gallery whose names are made by its API: that one is asked whose the publisher's name is.
 */
export async function readPlan(ctx: ServiceContext, input: { packageId: string }): Promise<PublishPlan> {
  const row = await loadPackage(ctx, input.packageId);
  const name = `${row.publisher}.${row.name}`.toLowerCase();
  const fitting = (await readPlaces(ctx)).filter(({ extension }) => extension.toLowerCase() === name);
  const cells = await readCells(
    ctx,
    [row.id],
    fitting.map(({ targetId }) => targetId),
  );
  const mine = cells.get(row.id) ?? [];
  const places: PublishPlace[] = [];
  for (const place of fitting) places.push(await placeOf(ctx, place, row));
  const standings = await Promise.all(fitting.map((place) => namespaceStanding(ctx, place)));
  return {
    package: rowOf(row, mine),
    goesBackTo: places.find(({ goesBackTo }) => goesBackTo !== null)?.goesBackTo ?? null,
    places: places.map((place, index) => ({
      ...place,
      namespace: standings[index] ?? null,
      cell: mine.find(({ targetId }) => targetId === place.targetId) ?? null,
    })),
    idempotencyKey: newId('key'),
  };
}

async function placeOf(ctx: ServiceContext, place: PlaceView, row: PackageRow): Promise<PublishPlace> {
  const loaded = await requireTarget(ctx.db, place.targetId);
  const { checklist, approvals } = policyOf(loaded.environment.policy);
  const goesBackTo = await packageGoesBackTo(ctx.db, row, place.targetId);
  const kind = goesBackTo ? 'rollback' : 'deploy';
  const mayGoBack = isPermitted(ctx.actor, 'deployment.rollback', place.environment.slug);
  const mayRequest = place.mayPublish && (goesBackTo === null || mayGoBack);
  const { sha } = revisionOf(row);
  const facts = await readGateFacts(ctx.db, loaded, null, { kind, mayRequest, sha });
  const channel = row.prerelease ? 'pre-release' : 'stable';
  const fits = place.channel === 'both' || place.channel === channel;
  const other = { code: 'other_channel', sentence: `This place takes ${place.channel} packages only.` };
  const manifest = manifests[loaded.connection.providerId];
  const lacking = manifest && mayRequest ? await lackingNamespace(ctx, manifest, row.publisher) : null;
  const elsewhere = fits ? (lacking?.closed ?? null) : other;
  const closed = fits ? (deployGate(facts).refusal ?? elsewhere) : other;
  const maySay = isPermitted(ctx.actor, 'freeze.override', place.environment.slug);
  const mayOverride = maySay && elsewhere === null && isOnlyFrozen(facts);
  const ownNamespace = lacking?.ownNamespace ?? null;
  const run = runOf(manifest, loaded.target.config);
  const standing = { cell: null, namespace: null, ownNamespace };
  return { ...place, closed, mayOverride, goesBackTo, run, checklist, approvals, ...standing };
}

function runOf(manifest: AnyProvider['manifest'] | undefined, config: TargetConfig): PublishPlace['run'] {
  const by = manifest?.capabilities.publish?.byRun;
  if (!by || !config[by.connection] || !config.workflow) return null;
  const environment = config[by.environment];
  return { workflow: String(config.workflow), environment: environment ? String(environment) : null };
}

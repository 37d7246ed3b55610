import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermittedEverywhere } from '@/lib/auth/require';
import type { FileComparison } from '@/lib/blueprints/model/compare';
import { readSetup } from '@/lib/blueprints/server';
import { credentialEnd, isTokenStored } from '@/lib/connections/model/way-out';
import { components, connections, targets } from '@/lib/db/schema';
import { catalog } from '@/lib/providers/catalog.generated';
import type { AnyProvider, CredentialReport } from '@/lib/providers/port';
import {
  daysUntil,
  type GalleryCredential,
  type Migration,
  nearest,
  type Proposal,
  type Retirement,
  type RetirementView,
  settingsWith,
} from '../model/retirement';
import type { RetirementInput } from '../model/schemas';
import type { PlaceView } from '../model/view';
import { lookThrough } from './kept-secrets';
import { GALLERIES, readPlaces } from './read-publications';

type Traits = NonNullable<AnyProvider['manifest']['capabilities']['publish']>;

/** Galleries as the catalogue has them. */
const galleries = (): { label: string; id: string; traits: Traits }[] =>
  Object.values(catalog).flatMap(({ id, label, capabilities: { publish: traits } }) =>
    traits ? [{ id, label, traits }] : [],
  );

/**
 * By which credentials extensions are published, until when they hold, where repositories keep them, and the proposal that
 * takes a workflow to the way that stays: of the first few extensions, or of the one that is named. What a repository
 * refuses is part of the answer. Costs provider quota.
 */
export async function readRetirement(
  ctx: ServiceContext,
  { component }: RetirementInput = {},
): Promise<RetirementView> {
  const now = await nowOf(ctx);
  const today = now.slice(0, 10);
  const places = await readPlaces(ctx);
  const [rows, looked, proposed] = await Promise.all([
    ctx.db
      .select()
      .from(connections)
      .where(inArray(connections.providerId, GALLERIES))
      .orderBy(asc(connections.name))
      .limit(200),
    lookThrough(ctx, secretNames()),
    readMigrations(ctx, places, component),
  ]);
  const ends = new Map(
    galleries().flatMap(({ traits }) => (traits.secrets ?? []).map((name) => [name, traits.retires])),
  );
  const galleryOf = new Map(
    galleries().flatMap(({ label, traits }) => (traits.secrets ?? []).map((name) => [name, label])),
  );
  return {
    today,
    retirements: galleries().flatMap(({ label, traits }) => retirementOf(label, traits, places, today)),
    connections: rows.map((row) => credentialOf(row, now)),
    secrets: looked.secrets.map(({ name, ...found }) => ({
      ...{ name, gallery: galleryOf.get(name) ?? name, on: ends.get(name)?.on ?? null },
      ...found,
    })),
    ...{ repositories: looked.repositories, beyond: looked.beyond },
    ...proposed,
  };
}

async function nowOf({ db }: ServiceContext): Promise<string> {
  const { rows } = await db.execute<{ now: string }>(
    sql`select to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as now`,
  );
  return rows[0]?.now ?? '';
}

const secretNames = (): string[] => galleries().flatMap(({ traits }) => [...(traits.secrets ?? [])]);

function retirementOf(label: string, { retires }: Traits, places: readonly PlaceView[], today: string): Retirement[] {
  if (!retires) return [];
  const { what, on, steps } = retires;
  const still = stillByToken(places, label).map(({ name }) => name);
  return [{ ...{ gallery: label, what, on, steps, places: still }, daysLeft: daysUntil(on, today) }];
}

const stillByToken = (places: readonly PlaceView[], label: string) =>
  places.filter(({ gallery, notice }) => gallery === label && notice !== null);

function credentialOf(row: typeof connections.$inferSelect, now: string): GalleryCredential {
  const manifest = Object.hasOwn(catalog, row.providerId) ? catalog[row.providerId] : undefined;
  const report = row.report as CredentialReport | null;
  const forms = manifest?.credentialForms ?? [];
  const stored = isTokenStored(manifest, report);
  const form = forms.find(({ username }) => (username.fixed === null) === stored);
  return {
    ...{ id: row.id, name: row.name, gallery: manifest?.label ?? row.providerId, stored, state: row.state },
    ...{ expiresAt: report?.expiresAt ?? null, ends: form?.ends ?? null },
    daysLeft: nearest([credentialEnd(manifest, report).at], now),
  };
}

/** Of so many extensions the proposals are read at once: each is some requests to its repository. */
const READ_AT_ONCE = 5;

/** For each component that is an extension, and each gallery whose token ends; the rest by name. */
async function readMigrations(
  ctx: ServiceContext,
  places: readonly PlaceView[],
  chosen: string | undefined,
): Promise<Pick<RetirementView, 'migrations' | 'others'>> {
  const ending = galleries().filter(({ traits }) => traits.retires);
  const { rows, targetsOf } = await readExtensions(ctx);
  const shown = rows.filter(({ slug }, at) => (chosen === undefined ? at < READ_AT_ONCE : slug === chosen));
  const may = isPermittedEverywhere(ctx.actor, 'component.manage');
  const migrations: Migration[] = [];
  for (const component of shown)
    for (const { label: gallery, traits } of ending) {
      const found = may ? await proposalFor(ctx, component.slug, traits.retires?.blueprint ?? {}) : NOT_YOURS;
      const still = stillByToken(places, gallery).filter(({ targetId }) => targetsOf(component.slug).has(targetId));
      migrations.push({
        ...{ component, gallery, ...found },
        places: still.map(({ targetId, name }) => ({ targetId, name })),
      });
    }
  return { migrations, others: rows.filter((row) => !shown.includes(row)) };
}

async function readExtensions({ db }: ServiceContext) {
  const found = await db
    .select({ slug: components.slug, name: components.name, targetId: targets.id })
    .from(components)
    .innerJoin(targets, eq(targets.componentId, components.id))
    .where(eq(components.kind, 'extension'))
    .orderBy(asc(components.slug));
  const bySlug = Map.groupBy(found, ({ slug }) => slug);
  const rows = [...bySlug].flatMap(([slug, [first]]) => (first ? [{ slug, name: first.name }] : []));
  const targetsOf = (slug: string) => new Set(bySlug.get(slug)?.map(({ targetId }) => targetId));
  return { rows, targetsOf };
}

const workflowIn = (files: readonly FileComparison[]) =>
  files
    .find(({ blueprint }) => blueprint === 'extension-publish')
    ?.path.split('/')
    .at(-1) ?? null;

const NOT_YOURS = {
  proposal: null,
  problem: {
    code: 'forbidden',
    sentence: 'A proposal is opened by whoever may change components. Ask an administrator.',
  },
};

async function proposalFor(
  ctx: ServiceContext,
  slug: string,
  blueprint: Readonly<Record<string, string>>,
): Promise<Pick<Migration, 'proposal' | 'problem'>> {
  const begun = await readSetup(ctx, { slug });
  if (!begun.place) return { proposal: null, problem: begun.problem };
  const settings = settingsWith(begun.settings, blueprint);
  if (settings === null) return { proposal: null, problem: begun.problem };
  const { repository, connectionId } = begun.place;
  const { inspection, problem } = await readSetup(ctx, { slug, repository, settings });
  if (!inspection) return { proposal: null, problem };
  const proposal: Proposal = {
    ...{ connectionId, repository, settings, shown: inspection.shown, word: inspection.word },
    ...{ workflow: workflowIn(inspection.files), base: inspection.base },
    openUrl: inspection.open?.url ?? null,
    needs: inspection.needs,
    files: inspection.files.filter(({ state }) => state !== 'same').map(({ path, state }) => ({ path, state })),
  };
  return { proposal, problem: null };
}

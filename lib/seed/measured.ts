import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import type { CredentialInput } from '@/lib/connections/model/schemas';
import type { Db, Tx } from '@/lib/db/client';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import { HealthSettings } from '@/lib/observability/model/health-settings';
import { catalog } from '@/lib/providers/catalog.generated';
import type { AnyProvider } from '@/lib/providers/port';
import { once } from './demo';

type Manifest = AnyProvider['manifest'];
const withPreset = (id: string) => (manifest: Manifest) =>
  manifest.capabilities.health?.presets.some((preset) => preset.id === id) === true;

/** Not credentials of anybody: the simulated vendors take them. A null origin is the vendor's own address. */
const WATCHERS = {
  metrics: {
    name: 'Metrics (sandbox)',
    is: withPreset('fastapi'),
    origin: 'https://metrics.aetherstack.example',
    credential: { kind: 'token', token: 'sandbox-metrics-token' },
  },
  issues: {
    name: 'Issues (sandbox)',
    is: withPreset('spans'),
    origin: null,
    credential: { kind: 'basic', username: 'aetherstack', password: 'sandbox-errors-token', tokenOrigin: null },
  },
  monitors: {
    name: 'Monitors (sandbox)',
    is: withPreset('http'),
    origin: null,
    credential: {
      kind: 'basic',
      username: 'keys',
      password: 'sandbox-monitors-api:sandbox-monitors-application',
      tokenOrigin: null,
    },
  },
  panels: {
    name: 'Panels (sandbox)',
    is: ({ capabilities }: Manifest) => capabilities.notes !== undefined && capabilities.health === undefined,
    origin: 'https://panels.aetherstack.example',
    credential: { kind: 'token', token: 'sandbox-dashboards-token' },
  },
} as const satisfies Record<
  string,
  { name: string; is: (m: Manifest) => boolean; origin: string | null; credential: CredentialInput }
>;

interface Options {
  sealCredential(row: { id: string; providerId: string; origin: string }, credential: CredentialInput): string;
  /** Epoch milliseconds. */
  now: number;
}

type Watcher = keyof typeof WATCHERS;
type Ids = Record<Watcher, string>;

const PROJECT = 'project:{{component}} environment:{{environment}}';
const TAGS = 'service:{{component}} env:{{environment}}';

interface Measured {
  component: string;
  environment: string;
  by: Watcher;
  preset: string;
  more(ids: Ids): Partial<Pick<HealthSettings, 'values' | 'alerts' | 'notes'>>;
}

const MEASURED: readonly Measured[] = [
  {
    ...{ component: 'backend', environment: 'production', by: 'metrics', preset: 'fastapi' },
    more: ({ metrics, issues, monitors, panels }) => ({
      values: { job: 'backend-production' },
      alerts: [
        { connectionId: metrics, scope: 'job="{{job}}"', judged: true },
        { connectionId: issues, scope: `${PROJECT} is:unresolved`, judged: true },
      ],
      notes: [
        { connectionId: issues, scope: `${PROJECT} release:{{sha}}` },
        { connectionId: monitors, scope: `${TAGS} version:{{sha}}` },
        { connectionId: panels, scope: 'dashboard:backend {{environment}}' },
      ],
    }),
  },
  {
    ...{ component: 'dashboard', environment: 'production', by: 'issues', preset: 'spans' },
    more: ({ issues }) => ({
      alerts: [{ connectionId: issues, scope: `${PROJECT} is:unresolved`, judged: true }],
      notes: [{ connectionId: issues, scope: `${PROJECT} release:{{sha}}` }],
    }),
  },
  {
    ...{ component: 'backend', environment: 'staging', by: 'monitors', preset: 'http' },
    more: ({ monitors }) => ({
      alerts: [{ connectionId: monitors, scope: TAGS, judged: true }],
      notes: [{ connectionId: monitors, scope: `${TAGS} version:{{sha}}` }],
    }),
  },
];

/** The example team measures three of its places; once, and never over what somebody has set. Answers the new connections. */
export async function seedMeasured(db: Db, options: Options): Promise<readonly string[]> {
  const made = await once(db, 'demo.health', async (tx) => {
    const ids: Partial<Ids> = {};
    for (const watcher of Object.keys(WATCHERS) as Watcher[]) {
      const id = await connect(tx, WATCHERS[watcher], options);
      if (id === null) return [];
      ids[watcher] = id;
    }
    for (const each of MEASURED) await measure(tx, each, ids as Ids);
    return Object.values(ids);
  });
  return made ?? [];
}

async function connect(
  tx: Tx,
  { name, is, origin, credential }: (typeof WATCHERS)[Watcher],
  { now, sealCredential }: Options,
): Promise<string | null> {
  const manifest = Object.values(catalog).find(is);
  if (!manifest) return null;
  const row = { id: newId('con', now), providerId: manifest.id, origin: origin ?? manifest.defaultOrigin };
  const secret = credential.kind === 'token' ? credential.token : credential.password;
  await tx.insert(connections).values({
    ...{ ...row, name, credentialKind: credential.kind, credentialLast4: secret.slice(-4) },
    sealedCredential: sealCredential(row, credential),
  });
  return row.id;
}

async function measure(tx: Tx, { component, environment, by, preset, more }: Measured, ids: Ids): Promise<void> {
  const presets = Object.values(catalog).find(WATCHERS[by].is)?.capabilities.health?.presets;
  const queries = presets?.find(({ id }) => id === preset)?.queries;
  const target = await targetOf(tx, component, environment);
  if (!queries || target === null) return;
  const health = HealthSettings.parse({ connectionId: ids[by], queries, ...more(ids) });
  await tx
    .update(targets)
    .set({ health })
    .where(and(eq(targets.id, target), isNull(targets.health)));
}

async function targetOf(tx: Tx, component: string, environment: string): Promise<string | null> {
  const [found] = await tx
    .select({ id: targets.id })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(and(eq(components.slug, component), eq(environments.slug, environment)));
  return found?.id ?? null;
}

import type { ConfigurationEntry, ConfigurationReads, ProviderContext, TargetConfig } from '../port';
import { HiddenValue, ProviderError, type SettingName, type Taken, type WantedSetting } from '../port';
import { release } from './release';
import type { Revision, Service, Variable } from './schema';
import {
  containerOf,
  followsLatest,
  type Lineage,
  lineageOf,
  notSettled,
  readRevision,
  readService,
  servingOf,
} from './service';
import { labelOf, pageOf, pathOf, placeOf, type Store, storeFor, storeOf } from './target';

/**
 * One container's own variables. Which of them its code asks for Cloud Run does not tell. One request, and one more where what
 * serves is not what was asked for last.
 */
export async function readPlaces(c: ProviderContext, config: TargetConfig): Promise<ConfigurationReads> {
  const asked = storeFor(config);
  const service = await readService(c, asked);
  const { name } = containerOf(service.template?.containers, asked);
  const store = { ...asked, container: name || null };
  const place = {
    ...{ id: placeOf(store), scope: 'service', label: labelOf(asked), environment: null, absent: null },
    ...{ url: pageOf(store), identity: `${pathOf(store)} ${name ?? ''}` },
  };
  const problem = notSettled(service, asked);
  const passing = service.reconciling ? { passing: true as const } : {};
  const refusal = whyNotWritable(service, asked);
  const notNow = refusal ? { notNow: refusal.sentence } : {};
  return {
    places: [{ ...place, ...notNow }],
    complete: true,
    named: null,
    problem,
    ...passing,
    ...(await liveNames(c, asked, service)),
  };
}

/** Of the revision that serves, where that may be another than the service's newest, which took something away. */
async function liveNames(
  c: ProviderContext,
  store: Store,
  service: Service,
): Promise<Pick<ConfigurationReads, 'liveNames'>> {
  const serving = servingOf(service);
  if (serving === null || (followsLatest(service) && notSettled(service, store) === null)) return {};
  const { containers = [] } = await readRevision(c, store, serving);
  const asked = containerOf(service.template?.containers, store);
  return { liveNames: envOf(containers, { ...store, container: asked.name ?? null }).map(nameOf) };
}

const nameOf = ({ name, valueSource }: Variable): SettingName => ({ kind: valueSource ? 'secret' : 'variable', name });

/** What the revision that serves has, and since which one; what the service has no more is not there. Costs two requests. */
export async function listSettings(c: ProviderContext, place: string): Promise<ConfigurationEntry[]> {
  const store = storeOf(place);
  const service = await readService(c, store);
  const serving = servingOf(service);
  const lineage = serving === null ? { revisions: [], whole: false } : await lineageOf(c, store, serving);
  const asked = containerOf(service.template?.containers, store);
  // Where none ever became ready, what is asked for is all there is.
  const [live] = lineage.revisions;
  const wanted = asked.env ?? [];
  const stays = ({ name }: Variable) => wanted.some((each) => each.name === name);
  const env = live ? envOf(live.containers ?? [], store).filter(stays) : wanted;
  return env.map((each) => {
    const since = sinceOf(each, lineage, store);
    const secret = each.valueSource !== undefined;
    const about = { kind: secret ? ('secret' as const) : ('variable' as const), name: each.name, createdAt: null };
    // A reference may stay as it is while Secret Manager gets another value: its time is not the secret's.
    return secret ? { ...about, updatedAt: null, value: null } : { ...about, ...since, value: boxed(each) };
  });
}

const boxed = ({ value }: Variable) => new HiddenValue(value ?? '');

/** When the oldest revision without a break was made that has the same; null where it is older than what was read. */
function sinceOf({ name, value }: Variable, { revisions, whole }: Lineage, store: Store): { updatedAt: string | null } {
  const has = ({ containers = [] }: Revision) =>
    envOf(containers, store).some((each) => each.name === name && !each.valueSource && each.value === value);
  const before = revisions.findIndex((each) => !has(each));
  if (before === 0 || (before < 0 && !whole)) return { updatedAt: null };
  const oldest = before < 0 ? revisions.at(-1) : revisions[before - 1];
  const ms = Date.parse(oldest?.createTime ?? '');
  return { updatedAt: Number.isNaN(ms) ? null : new Date(ms).toISOString() };
}

/** In an older revision the container may have had another name. */
function envOf(containers: NonNullable<Revision['containers']>, { container }: Store): Variable[] {
  const named = containers.find(({ name }) => name === (container ?? undefined));
  return (named ?? (containers.length === 1 ? containers[0] : undefined))?.env ?? [];
}

/** One mutating request: a new revision of the service, which goes live by itself. */
export async function writeSetting(
  c: ProviderContext,
  place: string,
  { kind, name, value }: WantedSetting,
): Promise<'created' | 'replaced' | Taken<'created' | 'replaced'>> {
  const store = storeOf(place);
  if (kind === 'secret') throw secretElsewhere(store, name);
  const service = await writable(c, store);
  const container = containerOf(service.template?.containers, store);
  const { env = [] } = container;
  const before = env.find((each) => each.name === name);
  if (before?.valueSource) throw otherKind(name);
  const wanted = { name, value: value.reveal() };
  const changed = before ? env.map((each) => (each === before ? { ...each, ...wanted } : each)) : [...env, wanted];
  const serves = await release(c, store, { service, container, env: changed, setting: { kind, name } });
  return seen(before ? 'replaced' : 'created', serves);
}

/** Of a secret the reference alone: what Secret Manager has stays there. */
export async function removeSetting(
  c: ProviderContext,
  place: string,
  { kind, name }: SettingName,
): Promise<'removed' | 'absent' | Taken<'removed'>> {
  const store = storeOf(place);
  const service = await writable(c, store);
  const container = containerOf(service.template?.containers, store);
  const { env = [] } = container;
  const found = env.find((each) => each.name === name && (each.valueSource !== undefined) === (kind === 'secret'));
  if (!found) return 'absent';
  const left = env.filter((each) => each !== found);
  const serves = await release(c, store, { service, container, env: left, setting: { kind, name } });
  return seen('removed', serves);
}

/** Only what was seen to serve is called done. */
function seen<T>(outcome: T, serves: boolean): T | Taken<T> {
  const waits =
    'Taken, not serving yet: its revision was not seen to start within a few seconds. If it does not start, the one before goes on serving; look again in a minute.';
  return serves ? outcome : { outcome, waits };
}

async function writable(c: ProviderContext, store: Store) {
  const service = await readService(c, store);
  const refusal = whyNotWritable(service, store);
  if (refusal) throw new ProviderError('rejected', refusal.code, `Nothing was changed. ${refusal.sentence}`);
  return service;
}

/** Why nothing is written there as it is; null when it may be. The plan says it, and the write asks again. */
function whyNotWritable(service: Service, store: Store): { code: string; sentence: string } | null {
  const unsettled = notSettled(service, store);
  if (followsLatest(service)) return unsettled === null ? null : { code: 'not_settled', sentence: unsettled };
  const sentence = `Requests to ${store.service} go to a revision that was chosen by hand, so what is written would not be live. Send them to the latest first: gcloud run services update-traffic ${store.service} --to-latest --region=${store.region} --project=${store.project}.`;
  return { code: 'traffic_pinned', sentence };
}

function secretElsewhere({ project, region, service }: Store, name: string): ProviderError {
  const sentence = `Cloud Run keeps no secrets, it refers to Secret Manager’s. Write the value there (gcloud secrets versions add <secret> --data-file=- --project=${project}), then let ${service} take it in: gcloud run services update ${service} --update-secrets=${name}=<secret>:<version> --region=${region} --project=${project}.`;
  return new ProviderError('rejected', 'secret_elsewhere', sentence);
}

function otherKind(name: string): ProviderError {
  const sentence = `${name} is a reference to a secret in this service. Remove it first to make it a variable.`;
  return new ProviderError('rejected', 'other_kind', sentence);
}

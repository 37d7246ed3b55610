import 'server-only';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { ImageSource } from '@/lib/components/model/image-source';
import { deployments } from '@/lib/db/schema';
import type { GateFacts } from '@/lib/gates/model/facts';
import { gates } from '@/lib/gates/model/gates';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { catalog } from '@/lib/providers/catalog.generated';
import type { AnyProvider } from '@/lib/providers/port';
import { hasRendering } from '../../rendering/model/mode';
import { deployGate } from '../model/eligibility';
import { withoutOneOff } from '../model/one-off';
import { ACTIVE_STATUSES } from '../model/status';
import type { Allowed, ComposerStart } from '../model/view';
import { readGateFacts } from './gate';
import { labelOf, tryOpen } from './read-provider';
import { type LoadedTarget, loadTarget, mayIn } from './read-scope';
import { readUsual } from './read-usual';
import { selectSummaries, toPinView, toSummary } from './row-views';

const manifests: Readonly<Record<string, AnyProvider['manifest']>> = catalog;

/**
 * What the composer needs before a revision is chosen. The key is new each time: one per click of intent. Throws
 * `ServiceError` `takes_packages` for a gallery: what goes there is a package, and is chosen on another page.
 */
export async function composerStart(ctx: ServiceContext, input: { targetId: string }): Promise<ComposerStart> {
  const loaded = await loadTarget(ctx, input.targetId);
  const { target, component, environment, connection } = loaded;
  refuseGallery(connection.providerId);
  const [shown, usual, lastInputs, opened] = await Promise.all([
    readShown(ctx, loaded),
    readUsual(ctx.db, [target.id]),
    readLastInputs(ctx, target.id, component.image),
    tryOpen(ctx, connection.id),
  ]);
  const provider = opened.ok ? opened.open.provider : null;
  const facts = await readGateFacts(ctx.db, loaded, provider, { mayRequest: mayRequest(ctx, loaded), ticked: null });
  const gate = deployGate(facts);
  return {
    target: {
      id: target.id,
      label: target.label,
      component: { slug: component.slug, name: component.name },
      environment: { slug: environment.slug, name: environment.name, isProduction: environment.isProduction },
    },
    provider: { label: provider?.manifest.label ?? labelOf(connection.providerId), connectionName: connection.name },
    settings: settingsOf(target.config),
    image: component.image,
    fixedInputs: { ...((target.config.inputs ?? {}) as ComposerStart['fixedInputs']), ...modeInput(loaded, provider) },
    rendering: provider?.manifest.capabilities.rendering ? target.rendering : null,
    current: shown.find((each) => each.id === target.currentDeploymentId) ?? null,
    inFlight: shown.filter((each) => (ACTIVE_STATUSES as readonly string[]).includes(each.status)),
    pins: facts.pins.map(toPinView),
    usual: usual.get(target.id) ?? null,
    gate: gate.allowed && !opened.ok ? refused(opened.refusal) : gate,
    gates: gates(facts),
    policy: asksFor(facts),
    lastInputs,
    idempotencyKey: newId('key'),
  };
}

function refuseGallery(providerId: string): void {
  const capabilities = manifests[providerId]?.capabilities;
  if (!capabilities?.publish || capabilities.deploy) return;
  const sentence = `${labelOf(providerId)} takes packages, not commits. Choose the version under Extensions, and publish it from there.`;
  throw new ServiceError('precondition', 'takes_packages', sentence);
}

/** Where the host is told by an input, the target's mode decides it, as its settings do the others. */
function modeInput({ target, component }: LoadedTarget, provider: AnyProvider | null): ComposerStart['fixedInputs'] {
  const traits = provider?.manifest.capabilities.rendering;
  if (traits?.writes !== 'input' || !hasRendering(component) || target.rendering === null) return {};
  return { [traits.name]: target.rendering };
}

export function refused(refusal: NonNullable<Allowed['refusal']>): Allowed {
  return { allowed: false, refusal };
}

/** The settings that the composer shows; which other keys a target has is the provider's business. */
export function settingsOf(config: Record<string, unknown>): ComposerStart['settings'] {
  const text = (key: string) => (typeof config[key] === 'string' ? config[key] : '');
  return { repository: text('repository'), workflow: text('workflow'), defaultRef: text('defaultRef') || 'main' };
}

/** What the form has to show of the environment's policy. */
export function asksFor({ policy }: GateFacts): ComposerStart['policy'] {
  return { approvals: policy?.approvals ?? 0, checklist: policy?.checklist ?? [] };
}

export function mayRequest(ctx: ServiceContext, { environment }: LoadedTarget): boolean {
  return mayIn(ctx.actor, 'deployment.request', environment.slug);
}

async function readShown(ctx: ServiceContext, { target }: LoadedTarget) {
  const active = and(eq(deployments.targetId, target.id), inArray(deployments.status, [...ACTIVE_STATUSES]));
  const [rows, current] = await Promise.all([
    selectSummaries(ctx.db).where(active).orderBy(sql`${deployments.number} asc`).limit(50),
    target.currentDeploymentId ? selectSummaries(ctx.db).where(eq(deployments.id, target.currentDeploymentId)) : [],
  ]);
  return [...current, ...rows].map(toSummary);
}

/** An image is chosen anew each time: last time's beside a newer commit would go unseen. */
async function readLastInputs(ctx: ServiceContext, targetId: string, image: ImageSource | null) {
  const last = await ctx.db.query.deployments.findFirst({
    where: and(eq(deployments.targetId, targetId), eq(deployments.kind, 'deploy')),
    orderBy: sql`number desc`,
    columns: { inputs: true },
  });
  if (!last) return null;
  const chosen = [image?.imageInput, image?.digestInput];
  return Object.fromEntries(Object.entries(withoutOneOff(last.inputs)).filter(([name]) => !chosen.includes(name)));
}

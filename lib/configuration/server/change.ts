import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { Secret } from '@/lib/kernel/secret';
import { capability, HiddenValue, ProviderError } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import type { RemoveSettingInput, SetSettingInput } from '../model/schemas';
import type { ChangeResult, Outcome } from '../model/view';
import { sentenceOf } from './gather';
import { type Prepared, prepare, type Wanted } from './plan-change';

/**
 * Writes one value into the chosen places, one after the other; what fails in one does not hold up the next. The value
 * lives in this call only. Throws `ServiceError` `plan_changed` when the places are not as they were shown, and for a
 * place that takes nothing: then nothing was written.
 */
export function setSetting(ctx: ServiceContext, { shown, ...wanted }: SetSettingInput): Promise<ChangeResult> {
  return carryOut(ctx, wanted, shown);
}

/** Takes one name out of the chosen places, by the same rules. */
export function removeSetting(ctx: ServiceContext, { shown, ...wanted }: RemoveSettingInput): Promise<ChangeResult> {
  return carryOut(ctx, { ...wanted, value: null }, shown);
}

async function carryOut(ctx: ServiceContext, wanted: Wanted, shown: string): Promise<ChangeResult> {
  const prepared = await prepare(ctx, wanted);
  assertAsShown(prepared, shown);
  const { plan } = prepared;
  await note(
    ctx,
    prepared,
    null,
    `Began to ${plan.action} the ${plan.kind} ${plan.name} (${prepared.work.length} chosen).`,
  );
  const places: ChangeResult['places'] = [];
  for (const each of prepared.work) {
    const done = await inPlace(ctx, wanted, each);
    places.push({ place: each.step.place, label: each.step.label, ...done });
    if (done.outcome !== 'left') await noteOutcome(ctx, prepared, { ...each, ...done });
  }
  return summary(prepared, places);
}

function assertAsShown({ plan }: Prepared, shown: string): void {
  const refused = plan.steps.find(({ step }) => step === 'refused');
  if (refused)
    throw new ServiceError('forbidden', 'place_refused', `Nothing was changed. ${refused.label}: ${refused.because}`, {
      places: `Leave ${refused.label} out.`,
    });
  if (plan.shown !== shown)
    throw new ServiceError(
      'conflict',
      'plan_changed',
      'Nothing was changed: something is not as it was shown to you any more. Look at what would be done now, then confirm again.',
    );
}

async function inPlace(
  ctx: ServiceContext,
  { kind, value }: Wanted,
  { step, place, name }: Prepared['work'][0],
): Promise<{ outcome: Outcome; sentence: string }> {
  if (step.step === 'leave') return { outcome: 'left', sentence: step.because ?? 'It is as it was asked for.' };
  try {
    const { provider, context } = await ctx.openConnection(place.connectionId);
    const methods = capability(provider, 'configuration');
    const id = place.place.id;
    if (value === null) {
      const gone = await methods.remove(context, id, { kind, name });
      return { outcome: 'removed', sentence: gone === 'removed' ? 'Removed.' : 'It was gone already.' };
    }
    // Only what is secret is hunted for in everything that is written down meanwhile.
    const boxed = kind === 'secret' ? new Secret(value) : new HiddenValue(value);
    const outcome = await methods.write(context, id, { kind, name, value: boxed });
    return { outcome, sentence: outcome === 'created' ? 'Created.' : 'Replaced.' };
  } catch (error) {
    const unknown = error instanceof ProviderError && error.ambiguous;
    const sentence = withoutValue(sentenceOf(error), value);
    return unknown
      ? { outcome: 'unknown', sentence: `It may have gone through: ${sentence} Doing it once more is safe.` }
      : { outcome: 'failed', sentence };
  }
}

/** A vendor may repeat what it was sent, also what is too short or too common to be masked everywhere. */
function withoutValue(sentence: string, value: string | null): string {
  return value === null || value.length < 3 ? sentence : sentence.replaceAll(value, '[value]');
}

const DONE: Record<Outcome, string> = {
  created: 'Created',
  replaced: 'Replaced',
  removed: 'Removed',
  left: 'Left',
  failed: 'Could not change',
  unknown: 'May have changed',
};

interface Noted {
  step: Prepared['work'][0]['step'];
  outcome: Outcome;
  sentence: string;
}

/** The ledger: who did what to which name where, with digests where values can be read back. */
function noteOutcome(ctx: ServiceContext, prepared: Prepared, { step, outcome, sentence }: Noted): Promise<void> {
  const { kind, name } = prepared.plan;
  const failed = outcome === 'failed' || outcome === 'unknown';
  const what = `${DONE[outcome]} the ${kind} ${name} in ${step.label}${failed ? `: ${sentence}` : '.'}`;
  return note(ctx, prepared, { outcome, place: step.place, before: step.before, after: step.after }, what);
}

async function note(
  ctx: ServiceContext,
  { environment, plan }: Prepared,
  data: { outcome: Outcome; place: string; before: string | null; after: string | null } | null,
  sentence: string,
): Promise<void> {
  const failed = data?.outcome === 'failed' || data?.outcome === 'unknown';
  await ctx.db.transaction(async (tx) => {
    await emitAudit(tx, ctx, {
      action: `configuration.${plan.action}`,
      resource: { kind: 'environment', id: environment.id },
      environment: environment.slug,
      outcome: failed ? 'failed' : 'done',
      ...(failed ? { code: `setting_${data.outcome}` } : {}),
      sentence,
      data: { kind: plan.kind, setting: plan.name, ...data },
    });
    await publish(tx, {
      topic: 'target',
      kind: `configuration.${plan.action}`,
      actorName: ctx.actor.name,
      data: { environment: environment.slug },
    });
  });
}

function summary({ plan }: Prepared, places: ChangeResult['places']): ChangeResult {
  const { kind, name, action } = plan;
  const open = places.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown');
  const complete = open.length === 0;
  const again =
    action === 'set'
      ? 'The value is kept nowhere here: enter it once more for these.'
      : 'Choose these once more to try again.';
  const sentence = complete
    ? `${kind === 'secret' ? 'The secret' : 'The variable'} ${name} is ${action === 'set' ? 'in' : 'gone from'} every place that you chose.`
    : `${open.length} of ${places.length} places are not done. ${again}`;
  return { kind, name, places, complete, sentence };
}

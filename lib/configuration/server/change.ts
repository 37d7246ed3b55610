import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { Secret } from '@/lib/kernel/secret';
import { capability, HiddenValue, ProviderError, type SettingName, type Taken } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import type { RemoveSettingInput, SetSettingInput } from '../model/schemas';
import type { ChangeResult, Outcome } from '../model/view';
import { type Desk, whileAsShown } from './as-shown';
import { databaseNow } from './estate';
import { sentenceOf } from './gather';
import { keepReadings } from './keep-readings';
import { keepWritten } from './keep-written';
import { type Prepared, prepare, type Wanted, withoutDigests } from './plan-change';

/**
 * Writes one value into the chosen places, one after the other, each read once more right before. What fails in one does not
 * hold up the next; what was changed meanwhile ends it. The value lives in this call only. Throws `ServiceError`
 * `plan_changed` when the places are not as they were shown, and for a place that takes nothing: then nothing was written.
 */
export function setSetting(ctx: ServiceContext, { shown, ...wanted }: SetSettingInput): Promise<ChangeResult> {
  return carryOut(ctx, wanted, shown);
}

/** Takes one name out of the chosen places, by the same rules. */
export function removeSetting(ctx: ServiceContext, { shown, ...wanted }: RemoveSettingInput): Promise<ChangeResult> {
  return carryOut(ctx, { ...wanted, value: null }, shown);
}

interface Written {
  place: string;
  setting: SettingName;
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
  let changed = false;
  const written: Written[] = [];
  for (const each of inOneOrder(prepared.work)) {
    const done: Done = changed ? NOT_TRIED : await inPlace(ctx, wanted, each);
    changed ||= done.changed === true;
    const { outcome, sentence } = done;
    places.push({ place: each.step.place, label: each.step.label, outcome, sentence });
    if (outcome !== 'left') await noteOutcome(ctx, prepared, { ...each, outcome, sentence });
    const setting = { kind: plan.kind, name: each.name };
    if (noteEntry(each, setting, outcome, await databaseNow(ctx))) written.push({ place: each.place.key, setting });
  }
  await remember(ctx, prepared, written);
  return summary(prepared, places);
}

/**
 * What was read for the plan, with what was written since: the matrix need not wait for the next look. The host has taken
 * the change, so what cannot be kept is no failure of it; the next look finds it.
 */
async function remember(ctx: ServiceContext, { gathered }: Prepared, written: Written[]): Promise<void> {
  try {
    await keepReadings(ctx, gathered);
    await keepWritten(ctx, gathered, {
      places: new Set(written.map(({ place }) => place)),
      settings: written.map(({ setting }) => setting),
    });
  } catch (error) {
    const { error: name, stack } = describeError(error);
    log.error('what was written to the settings could not be kept', { name, stack });
  }
}

/** As the place is now. Returns whether that is, or may be, another than before. */
function noteEntry({ place }: Prepared['work'][0], setting: SettingName, outcome: Outcome, now: string): boolean {
  if (outcome === 'left' || outcome === 'failed' || outcome === 'taken' || !place.entries) return false;
  const { kind, name } = setting;
  const others = place.entries.filter((each) => each.kind !== kind || each.name !== name);
  const entry = { kind, name, createdAt: null, updatedAt: now, digest: null };
  place.entries = outcome === 'removed' ? others : [...others, entry];
  return true;
}

/** Everybody's the same, so that of two at once one is first everywhere. */
function inOneOrder(work: Prepared['work']): Prepared['work'] {
  return work.toSorted((a, b) => (a.place.place.identity < b.place.place.identity ? -1 : 1));
}

interface Done {
  outcome: Outcome;
  sentence: string;
  /** It was not as it was shown, so what comes after it is not either. */
  changed?: true;
}

const NOT_TRIED: Done = {
  outcome: 'failed',
  sentence: 'Nothing was written here: what you were shown had changed in another place. Look again first.',
};

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

async function inPlace(ctx: ServiceContext, { kind, value }: Wanted, work: Prepared['work'][0]): Promise<Done> {
  const { step, place } = work;
  if (step.step === 'leave') return { outcome: 'left', sentence: step.because ?? 'It is as it was asked for.' };
  try {
    const { provider, context } = await ctx.openConnection(place.connectionId);
    const methods = capability(provider, 'configuration');
    const setting = { kind, name: work.name };
    const result = await whileAsShown(ctx, { methods, context }, { work, setting }, () =>
      writeTo({ methods, context }, place.place.id, setting, value),
    );
    return 'done' in result ? result.done : { outcome: 'failed', sentence: result.because, changed: true };
  } catch (error) {
    return troubleOf(error, { value, place: step.label });
  }
}

async function writeTo(
  { methods, context }: Desk,
  place: string,
  setting: SettingName,
  value: string | null,
): Promise<Done> {
  if (value === null) {
    const gone = await methods.remove(context, place, setting);
    return gone === 'absent' ? { outcome: 'removed', sentence: 'It was gone already.' } : doneBy(gone);
  }
  // Only what is secret is hunted for in everything that is written down meanwhile.
  const boxed = setting.kind === 'secret' ? new Secret(value) : new HiddenValue(value);
  return doneBy(await methods.write(context, place, { ...setting, value: boxed }));
}

function doneBy(answer: 'created' | 'replaced' | 'removed' | Taken<'created' | 'replaced' | 'removed'>): Done {
  if (typeof answer === 'string') return { outcome: answer, sentence: `${DONE[answer]}.` };
  return { outcome: 'taken', sentence: answer.waits };
}

/** A mistake of our own in one place is one place's trouble too: the others have their lines, and this one gets its. */
function troubleOf(error: unknown, { value, place }: { value: string | null; place: string }) {
  if (!(error instanceof ProviderError) && !(error instanceof ServiceError)) {
    const { error: name, stack } = describeError(error);
    log.error('a setting could not be written', { place, name, stack });
    return {
      outcome: 'unknown',
      sentence:
        'This console stumbled over it, so it may or may not be written; its log says where. Look, then try again.',
    } as const;
  }
  const sentence = withoutValue(sentenceOf(error), value);
  if (error instanceof ProviderError && error.ambiguous)
    return {
      outcome: 'unknown',
      sentence: `It may have gone through: ${sentence} Doing it once more is safe.`,
    } as const;
  return { outcome: 'failed', sentence } as const;
}

/** A vendor may repeat what it was sent, also what is too short or too common to be masked everywhere. */
function withoutValue(sentence: string, value: string | null): string {
  return value === null || value.length < 3 ? sentence : sentence.replaceAll(value, '[value]');
}

const DONE: Record<Outcome, string> = {
  created: 'Created',
  replaced: 'Replaced',
  removed: 'Removed',
  taken: 'Asked to change',
  left: 'Left',
  failed: 'Could not change',
  unknown: 'May have changed',
};

interface Noted extends Done {
  step: Prepared['work'][0]['step'];
}

/** The ledger: who did what to which name where, with a variable’s digests. */
function noteOutcome(ctx: ServiceContext, prepared: Prepared, { step, outcome, sentence }: Noted): Promise<void> {
  const { kind, name } = prepared.plan;
  const failed = outcome === 'failed' || outcome === 'unknown';
  const why = failed || outcome === 'taken' ? `: ${sentence}` : '.';
  const what = `${DONE[outcome]} the ${kind} ${name} in ${step.label}${why}`;
  const { before, after } = kind === 'secret' ? withoutDigests(step) : step;
  return note(ctx, prepared, { outcome, place: step.place, before, after }, what);
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
    ? `${kind === 'secret' ? 'The secret' : 'The variable'} ${name} is ${action === 'set' ? 'in' : 'gone from'} every place that you chose.${places.some(({ outcome }) => outcome === 'taken') ? ' It is not live everywhere yet: each place says what it waits for.' : ''}`
    : `${open.length} of ${places.length} places are not done. ${again}`;
  return { kind, name, places, complete, sentence };
}

import type { ServiceContext } from '@/lib/auth/context';
import { holdLock } from '@/lib/db/hold-lock';
import type { CapabilityMap, ProviderContext, SettingName } from '@/lib/providers/port';
import type { GatheredPlace } from './gather';
import { entriesIn } from './gather';
import type { Prepared } from './plan-change';

type Work = Prepared['work'][0];

export interface Desk {
  methods: CapabilityMap['configuration']['methods'];
  context: ProviderContext;
}

const BUSY =
  'Somebody is changing it there at this very moment, so nothing was written. Look at what is there now, then try again.';
const CROWDED =
  'This console waits for too many providers just now, so nothing was written. Try again in a few seconds.';
const CHANGED =
  'It was changed there after you were shown it, so nothing was written over it. Look at what is there now, then try again.';

/**
 * Reads the place once more and does the work only when the setting is what was shown. Writers of this installation come one
 * after the other; a writer of the provider's own may still come between the reading and the work. Otherwise the reason.
 */
export async function whileAsShown<T>(
  ctx: ServiceContext,
  { methods, context }: Desk,
  { work, setting }: { work: Work; setting: SettingName },
  write: () => Promise<T>,
): Promise<{ done: T } | { because: string }> {
  const id = [work.place.place.identity, setting.kind, work.name.toLowerCase()].join(' ');
  const held = await holdLock(ctx.db, { prefix: 'setting', id }, async () => {
    const entries = await entriesIn(methods, context, work.place.place.id);
    return isAsShown(work, setting.kind, entries) ? { done: await write() } : { because: CHANGED };
  });
  if (held.state === 'done') return held.value;
  return { because: held.state === 'taken' ? BUSY : CROWDED };
}

/** What is gone of what was to be removed is as it was asked for. */
function isAsShown({ step, name }: Work, kind: SettingName['kind'], entries: NonNullable<GatheredPlace['entries']>) {
  const entry = entries.find((each) => each.kind === kind && each.name === name);
  if (!entry) return step.step !== 'replace';
  if (step.step === 'create') return false;
  return entry.updatedAt === step.changedAt && entry.digest === step.before;
}

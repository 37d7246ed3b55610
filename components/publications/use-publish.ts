import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { saidFor } from '@/components/gates/blocked';
import { newId } from '@/lib/kernel/ids';
import type { Action } from '@/lib/kernel/result';
import { chosenAtFirst, goesThroughFreeze, keyAfter } from '@/lib/publications/model/press';
import type { PublishedTo, PublishInput } from '@/lib/publications/model/schemas';
import type { PublishPlace, PublishPlan } from '@/lib/publications/model/view';

/** Everything that the page holds: the places, what their gates want, and the press. */
export function usePublish(plan: PublishPlan, publish: Action<PublishInput, { places: PublishedTo[] }>) {
  const { places, idempotencyKey } = plan;
  const { packageId, scan } = plan.package;
  const [key, setKey] = useState(idempotencyKey);
  const [chosen, setChosen] = useState(() => new Set(chosenAtFirst(places)));
  const [ticked, setTicked] = useState<string[]>([]);
  const [override, setOverride] = useState('');
  const [done, setDone] = useState<PublishedTo[]>([]);
  const publishing = useAction(publish);
  const items = itemsOf(places, chosen);
  const frozen = goesThroughFreeze(places, chosen);
  // A reason that was typed for a place that is not chosen any more is for none.
  const said = saidFor(items, { ticked, override: frozen ? override : '' });
  async function press(): Promise<string | null> {
    const answer = await publishing.run({ packageId, targetIds: [...chosen], ...said, idempotencyKey: key });
    setKey(keyAfter(key, answer, () => newId('key')));
    if (answer.ok) setDone(answer.value.places);
    return answer.ok ? null : answer.refusal.sentence;
  }
  const choose = (id: string, on: boolean) => setChosen((before) => changed(before, id, on));
  const gates = { items, ticked, onTick: setTicked, frozen, override, onOverride: setOverride };
  const blocked = whyNot({ scan, chosen, frozen, override });
  return { chosen, choose, gates, blocked, publishing, done, press };
}

interface Asked {
  scan: string;
  chosen: ReadonlySet<string>;
  /** One of the chosen places is, and the person may let it through. */
  frozen: boolean;
  override: string;
}

export function whyNot({ scan, chosen, frozen, override }: Asked): string | null {
  if (scan !== 'passed') return 'The package has not passed its inspection, so it is not published.';
  if (chosen.size === 0) return 'Choose at least one place.';
  if (!frozen || override.trim().length >= 3) return null;
  return 'A freeze holds at a place that you chose. Say why this one goes through it, or leave that place out.';
}

function itemsOf(places: readonly PublishPlace[], chosen: ReadonlySet<string>): string[] {
  return [...new Set(places.filter(({ targetId }) => chosen.has(targetId)).flatMap(({ checklist }) => checklist))];
}

function changed(before: ReadonlySet<string>, key: string, on: boolean): Set<string> {
  const next = new Set(before);
  if (on) next.add(key);
  else next.delete(key);
  return next;
}

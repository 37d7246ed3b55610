import type { Judged } from './dora';

type Moment = 'reachedAt' | 'liveAt';

/** Those that have the moment, oldest first. */
export function inOrder(judged: readonly Judged[], moment: Moment): Judged[] {
  return judged
    .filter((each) => each[moment] !== null)
    .sort((a, b) => (a[moment] ?? 0) - (b[moment] ?? 0) || a.delivery.number - b.delivery.number);
}

/** How many of `ordered` lie at or before `at`, by halving. */
export function countUntil(ordered: readonly Judged[], moment: Moment, at: number): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle]?.[moment] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What users of one target had, and when. Sorted once; each question is answered by halving. */
export function liveOn(there: readonly Judged[]) {
  const all = inOrder(there, 'reachedAt');
  const bySha = new Map<string, Judged[]>();
  for (const each of all) {
    if (!each.isChange) continue;
    const same = bySha.get(each.delivery.sha);
    if (same) same.push(each);
    else bySha.set(each.delivery.sha, [each]);
  }

  /** The change that brought this commit, before a moment. */
  function broughtBy(sha: string, before: number): Judged | null {
    const same = bySha.get(sha) ?? [];
    return same[countUntil(same, 'reachedAt', before) - 1] ?? null;
  }

  /** The change that this one speaks against; null where it speaks against none. */
  function mendedBy(mender: Judged): Judged | null {
    const at = mender.delivery.submittedAt ?? 0;
    let index = countUntil(all, 'reachedAt', at) - 1;
    if (all[index] === mender) index -= 1;
    const live = all[index];
    if (!live) return null;
    // A hot fix that follows a roll-back mends what was rolled back, which has failed by that already.
    if (!live.isChange && mender.isChange && live.mending) return null;
    const change = live.isChange ? live : broughtBy(live.delivery.sha, live.reachedAt ?? 0);
    const back = mender.isChange ? null : broughtBy(mender.delivery.sha, at);
    const forward = change && back && (back.reachedAt ?? 0) >= (change.reachedAt ?? 0);
    return forward ? null : change;
  }

  return { mendedBy };
}

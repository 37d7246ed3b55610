import type { targets, verdicts } from '@/lib/db/schema';
import type { Verdict } from '../model/verdict';
import { VERDICT_WORDS } from '../model/verdict-words';

const UNMEASURED =
  'Nothing measures this target yet. An administrator can say on the target’s page, under “How it does”, which numbers belong to it.';
const UNJUDGED = 'It was not live while this target was measured, so nothing was judged.';
const TO_COME = 'It went live just now: the first look comes within seconds.';

type Row = typeof verdicts.$inferSelect;

/** What is said of a deployment wherever it is shown. */
export interface Said {
  /** Null: nothing was judged, and `why` says why. */
  verdict: Verdict | null;
  why: string;
  /** No more is measured: it stays as it is. */
  closed: boolean;
}

export function saidOf(found: Row | undefined, health: (typeof targets.$inferSelect)['health']): Said {
  if (found?.judgedAt) return { verdict: found.verdict, why: whyOf(found), closed: found.closed };
  return { verdict: null, why: health === null ? UNMEASURED : found ? TO_COME : UNJUDGED, closed: false };
}

/** What is said stands until another finding holds; the newest look is not kept from anybody. */
function whyOf({ verdict, why, found, closed }: Row): string {
  if (closed || found === null || found === verdict) return why;
  return `${why} The newest look found it ${VERDICT_WORDS[found].toLowerCase()}; that is said once it holds for two minutes.`;
}

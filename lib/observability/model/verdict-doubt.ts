import type { VerdictAsk, VerdictReport } from './verdict';
import type { Windows } from './verdict-windows';

const MINUTE = 60_000;
/** With less than one of so many of the requests before, whoever came had no errors, and the others did not get there. */
const LOST_TRAFFIC = 5;

interface State {
  at: Windows;
  requests: VerdictReport['requests'];
  closed: boolean;
  /** When all of the window after is measured, epoch milliseconds. */
  decidedAt: number;
}

/** Why nothing can be called healthy although no signal says otherwise; null = it can. */
export function doubtOf(ask: VerdictAsk, { at, requests, closed, decidedAt }: State): string | null {
  const { followedAt, elseThere, rules } = ask;
  if (!closed) {
    const until = `${new Date(decidedAt).toISOString().slice(11, 16)} UTC`;
    return `Nothing is worse so far; it is decided at ${until}, when the window is over.`;
  }
  if (at.until < at.full) {
    const minutes = Math.max(0, Math.floor((at.until - at.after.from) / MINUTE));
    const came = at.until === followedAt ? 'the next deployment came' : 'something else was seen live there';
    return `Nothing was worse, but ${came} after ${minutes} minutes, before the window was over.`;
  }
  if (elseThere && isOfThisWindow(elseThere, followedAt, at))
    return 'Nothing was worse, but something else than this was seen live there.';
  const { before, after } = requests;
  if (before === null || after === null || before < rules.minRequests || after >= before / LOST_TRAFFIC) return null;
  return `Nothing was worse, but less than a fifth of the traffic is left: ${Math.floor(before)} requests before, ${Math.floor(after)} since.`;
}

/** Drift that came later is not about it, nor is another commit where the next deployment is there by now. */
function isOfThisWindow({ since }: { since: number | null }, followedAt: number | null, { full }: Windows): boolean {
  return since === null ? followedAt === null : since < full;
}

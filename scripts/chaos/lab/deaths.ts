import type { Failpoint } from '@/lib/kernel/failpoint';
import type { Worker } from './worker-process';
import type { World } from './world';

/** Where the click's own transaction dies; the others die in the engine. */
const AT_THE_CLICK: readonly Failpoint[] = ['before-intent-commit', 'after-intent-commit'];
/** First where there is time for few: nothing has been sent, and what was taken has to be found. */
export const TELLING: readonly Failpoint[] = ['before-bytes-sent', 'during-adopt'];

/**
 * One process that dies at a point, with one deployment to do it on: `ask` asks for it, of those in their order. True when it
 * died there.
 */
export async function dieAt(
  world: World,
  point: Failpoint,
  rest: Worker[],
  ask: (order: () => Worker[]) => Promise<unknown>,
): Promise<boolean> {
  const atClick = AT_THE_CLICK.includes(point);
  await world.scenario({ acceptThen502: point === 'during-adopt' ? 1 : 0 });
  const doomed = await world.startWorker({ failpoints: `${point}=kill@1`, works: !atClick });
  const order = atClick ? [doomed, ...rest] : rest;
  await ask(() => order);
  const signal = await Promise.race([doomed.gone, new Promise((resolve) => setTimeout(resolve, 60_000, null))]);
  await doomed.kill();
  return signal === 'SIGKILL';
}

/** In which state a death at that point leaves the newest attempt; null: there is none yet. */
export function leftBehind(point: Failpoint): string | null {
  if (AT_THE_CLICK.includes(point)) return null;
  if (point === 'after-run-id-commit') return 'accepted';
  return point === 'during-adopt' ? 'unknown' : 'sending';
}

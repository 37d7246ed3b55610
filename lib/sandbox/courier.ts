import type { Simulator } from '@/lib/providers/port';

const EVERY_MS = 50;
/** The first of the vendors gives a receiver ten seconds. Source: https://docs.github.com/webhooks/using-webhooks/handling-webhook-deliveries */
const TIMEOUT_MS = 10_000;

/** A vendor that sends; one that keeps a record of its deliveries is told how they ended. */
export type Sender = Pick<Simulator, 'dueWebhooks'> & { settle?(deliveryId: string, status: number): void };

/**
 * Carries due webhooks to their receivers, once each: like the vendors it does not try again. One after the other to each
 * receiver, in the order in which they were due. Returns how to stop it.
 */
export function startCourier(senders: readonly Sender[], fetch = globalThis.fetch): () => void {
  const deliver = async (
    sender: Sender,
    { url, headers, body, deliveryId }: ReturnType<Sender['dueWebhooks']>[number],
  ) => {
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      await answer.arrayBuffer();
      sender.settle?.(deliveryId, answer.status);
    } catch {
      sender.settle?.(deliveryId, 502);
    }
  };
  const lines = new Map<string, Promise<void>>();
  const timer = setInterval(() => {
    for (const sender of senders)
      for (const due of sender.dueWebhooks()) {
        const before = lines.get(due.url) ?? Promise.resolve();
        lines.set(
          due.url,
          before.then(() => deliver(sender, due)),
        );
      }
  }, EVERY_MS);
  return () => clearInterval(timer);
}

import type { GithubSimulator } from '@/lib/providers/github/simulator';

const EVERY_MS = 50;
/** GitHub gives a receiver ten seconds. Source: https://docs.github.com/webhooks/using-webhooks/handling-webhook-deliveries */
const TIMEOUT_MS = 10_000;

/** Carries due webhooks to their receivers, once each: like GitHub it does not try again. Returns how to stop it. */
export function startCourier(github: GithubSimulator, fetch = globalThis.fetch): () => void {
  const deliver = async ({ url, headers, body, deliveryId }: ReturnType<GithubSimulator['dueWebhooks']>[number]) => {
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      await answer.arrayBuffer();
      github.settle(deliveryId, answer.status);
    } catch {
      github.settle(deliveryId, 502);
    }
  };
  const timer = setInterval(() => {
    for (const due of github.dueWebhooks()) void deliver(due);
  }, EVERY_MS);
  return () => clearInterval(timer);
}

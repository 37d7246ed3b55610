import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { log } from '@/lib/kernel/log';
import { requireStrangersAddress } from '@/lib/notifications/server';
import { ProviderError } from '@/lib/providers/port';
import { statusPage } from './links';

const ANSWER_BYTES = 1_000;

/** One sentence for everything that may go wrong out there: it is no way to look around in somebody's network. */
export async function requireAnswer(ctx: ServiceContext, url: URL): Promise<void> {
  const challenge = randomBytes(24).toString('base64url');
  const sentence = 'Answer with the challenge as text to follow the status page. Nothing else is sent until then.';
  const body = JSON.stringify({
    type: 'subscription.challenge',
    timestamp: new Date(ctx.clock.now()).toISOString(),
    data: { sentence, challenge, url: statusPage() },
  });
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await ctx.fetchOutside(url.href, { method: 'POST', headers, body });
    if (answer.ok && answersWith((await answer.text()).slice(0, ANSWER_BYTES), challenge)) return;
  } catch (error) {
    log.info('an address did not answer the challenge', {
      code: error instanceof ProviderError ? error.code : 'other',
    });
  }
  const why =
    'This address did not answer the challenge. It has to answer 200 with the text of data.challenge, and nothing else, on the public internet, within 10 s.';
  throw new ServiceError('invalid', 'challenge_failed', why, { url: why });
}

/** The challenge alone, or `{"challenge": …}` alone: who only sends back what came has not agreed to anything. */
export function answersWith(text: string, challenge: string): boolean {
  return same(text.trim(), challenge) || same(text.replaceAll(/\s/g, ''), JSON.stringify({ challenge }));
}

function same(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** What can be read in the address alone. Throws `ServiceError` `address_refused`. */
export function strangersAddress(text: string, rules: Parameters<typeof requireStrangersAddress>[1]): URL {
  try {
    return requireStrangersAddress(text, rules);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw new ServiceError('invalid', 'address_refused', error.message, { url: error.message });
  }
}

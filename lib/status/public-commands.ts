import 'server-only';
import { networkOf } from '@/lib/auth/client-ip';
import type { ServiceContext } from '@/lib/auth/context';
import { defineCommand } from '@/lib/pipeline/define-command';
import { requireToken } from '@/lib/pipeline/rate-limit';
import { newResource } from '@/lib/pipeline/resource';
import { subscribeInput, unsubscribeInput } from './model/schemas';
import { follow, unfollow } from './server';

const HOUR_MS = 3_600_000;
/**
 * Each try is a request to somebody else's server, so a network has few, and a host some, whoever asks: more than a
 * few networks have, or one stranger could use up a host that many hooks live at.
 */
const PER_NETWORK = { capacity: 10, perMs: HOUR_MS };
const PER_HOST = { capacity: 60, perMs: HOUR_MS };
const IN_ALL = { capacity: 200, perMs: HOUR_MS };

const networkIn = ({ actor }: ServiceContext) => networkOf(actor.kind === 'anonymous' ? actor.ip : null);
const hostIn = (url: string) => (URL.canParse(url) ? new URL(url).hostname.slice(0, 253) : 'none');

/** What somebody without a session may change here: whether they are told. Over HTTP it is /api/status and no part of the API. */
export const followCommand = defineCommand({
  name: 'status.subscribe',
  permission: 'anyone',
  input: subscribeInput,
  resourceOf: newResource('subscription'),
  rate: { perHour: 20 },
  run: async (ctx, input) => {
    await requireToken(ctx.db, `status:network:${networkIn(ctx)}`, PER_NETWORK);
    await requireToken(ctx.db, `status:host:${hostIn(input.url)}`, PER_HOST);
    await requireToken(ctx.db, 'status:all', IN_ALL);
    return await follow(ctx, input);
  },
});

export const unfollowCommand = defineCommand({
  name: 'status.unsubscribe',
  permission: 'anyone',
  input: unsubscribeInput,
  resourceOf: newResource('subscription'),
  rate: { perMinute: 20 },
  run: (ctx, input) => unfollow(ctx, input),
});

import { describeError, log } from '@/lib/kernel/log';
import type { PublicStatus } from '@/lib/public-status/model/status';
import { publicStatusQuery } from '@/lib/public-status/public-query';

/** For the first drawing; null when it cannot be read, and then the page says so and tries again by itself. */
export async function readInitial(): Promise<PublicStatus | null> {
  try {
    return await publicStatusQuery({});
  } catch (error) {
    log.error('the public status could not be read', describeError(error));
    return null;
  }
}

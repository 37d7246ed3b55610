import { describeError, log } from '@/lib/kernel/log';
import { publicAnswers } from '@/lib/public-status/answers';
import type { PublicStatus } from '@/lib/public-status/model/status';

/** For the first drawing, of the reading that everybody gets; null when it cannot be read, and then the page says so and tries again by itself. */
export async function readInitial(): Promise<PublicStatus | null> {
  try {
    return await publicAnswers().status();
  } catch (error) {
    log.error('the public status could not be read', describeError(error));
    return null;
  }
}

import { publicUrl, UNSUBSCRIBE_PATH } from '@/lib/notifications/server';
import type { StatusLinks } from '../model/public';

export const SUBSCRIBE_PATH = '/api/status/subscribe';

export const statusPage = () => publicUrl('/status');

/** Where everything about the page is, on this console; null when it does not know its own address. */
export function statusLinks(): StatusLinks | null {
  if (!URL.canParse(statusPage())) return null;
  return {
    page: statusPage(),
    rss: publicUrl('/status.rss'),
    feed: publicUrl('/status.feed.json'),
    subscribe: publicUrl(SUBSCRIBE_PATH),
    unsubscribe: publicUrl(UNSUBSCRIBE_PATH),
  };
}

import { focusManager, onlineManager, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import { ASKED_ONCE } from './use-preflight';

afterEach(() => {
  vi.useRealTimers();
  focusManager.setFocused(undefined);
  onlineManager.setOnline(true);
});

test('what a switch would do is read once: neither a return to the tab nor to the network reads it anew', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const read = vi.fn(async () => 'found');
  // As the console’s client has it.
  const client = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: true } } });
  client.mount();
  const stop = new QueryObserver(client, { queryKey: ['preflight', 'tgt_1'], queryFn: read, ...ASKED_ONCE }).subscribe(
    () => undefined,
  );
  await vi.waitFor(() => expect(client.getQueryData(['preflight', 'tgt_1'])).toBe('found'));
  vi.setSystemTime(Date.now() + 3_600_000);
  for (const back of [false, true]) {
    focusManager.setFocused(back);
    onlineManager.setOnline(back);
  }
  stop();
  client.unmount();
  expect(read).toHaveBeenCalledTimes(1);
});

import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import { gatesQuery } from './switch-gates';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the gates are read once more when the same commit is looked at again, also right after they were read', async () => {
  const read = vi.fn(async () => Response.json({ gates: [], askAgainSeconds: null }));
  vi.stubGlobal('fetch', read);
  // As the console’s client has it.
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000 } } });
  const gates = gatesQuery('tgt_1', { ref: 'main', refKind: 'branch', sha: 'a'.repeat(40) });
  const observer = new QueryObserver(client, gates);
  const stop = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(client.getQueryState(gates.queryKey)?.status).toBe('success'));
  // While the files of the commit are read anew there is none to ask about.
  observer.setOptions(gatesQuery('tgt_1', null));
  observer.setOptions(gates);
  await vi.waitFor(() => expect(client.getQueryState(gates.queryKey)?.fetchStatus).toBe('idle'));
  stop();
  client.clear();
  expect(read).toHaveBeenCalledTimes(2);
});

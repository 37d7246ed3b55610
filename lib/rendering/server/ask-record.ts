import { askOutside, letGo, type Outside } from '@/lib/http/ask-outside';
import { readCapped } from '@/lib/http/read-body';
import { BUILD_RECORD_PATH, MAX_BUILD_RECORD_BYTES, readBuildRecord } from '../model/build-record';
import { type Found, pageOfRecord, serverHeader } from '../model/proof';

/**
 * Asks the addresses in order for a build record, and the page it belongs to for headers of a server. Never throws: whatever
 * goes wrong is trouble, which proves nothing.
 */
export async function askRecord(ctx: Outside, addresses: readonly string[]): Promise<Found> {
  const [first] = addresses;
  if (first === undefined) return { kind: 'nowhere', sentence: 'there is no address at which it could be looked up.' };
  let why = 'has no build record';
  let trouble: Found | null = null;
  for (const address of addresses) {
    const answer = await ask(ctx, address, readText);
    const { status, text } = answer.ok ? answer.value : { status: 0, text: '' };
    if (status === 0 || status >= 500 || status === 429) {
      // The next one may have it; where none has, this one may have it later.
      trouble ??= { kind: 'trouble', address, sentence: answer.ok ? `answered ${status}` : saying(answer) };
      continue;
    }
    const record = status === 200 ? readBuildRecord(text) : null;
    if (record) return { kind: 'record', address, record, server: await serverAt(ctx, address) };
    if (status === 200) why = 'answers something that is no build record';
  }
  if (trouble) return trouble;
  return { kind: 'none', address: first, server: await serverAt(ctx, first), sentence: why };
}

/** What cannot be asked is left out: the record says more than a header. */
async function serverAt(ctx: Outside, address: string): Promise<string | null> {
  const heard = await ask(ctx, pageOfRecord(address, BUILD_RECORD_PATH), async (response) => {
    await letGo(response);
    return serverHeader(response.headers);
  });
  return heard.ok ? heard.value : null;
}

async function readText(response: Response): Promise<{ status: number; text: string }> {
  if (response.status === 200) {
    const { bytes, cut } = await readCapped(response, MAX_BUILD_RECORD_BYTES);
    return { status: 200, text: cut ? '' : new TextDecoder().decode(bytes) };
  }
  await letGo(response);
  return { status: response.status, text: '' };
}

const ask = <T>(ctx: Outside, url: string, read: (response: Response) => Promise<T>) =>
  askOutside(ctx, url, { accept: 'application/json, text/html;q=0.5', read });

const saying = ({ refused, failed }: { refused: string | null; failed: string | null }) =>
  failed ?? `cannot be asked: ${refused?.replace(/[.!]$/, '')}`;

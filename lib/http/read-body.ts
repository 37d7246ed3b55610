export interface CappedBody {
  bytes: Uint8Array<ArrayBuffer>;
  /** More was offered than the cap allows; the rest was not read. */
  cut: boolean;
}

/** Reads at most `cap` bytes (after decompression) and lets go of the rest. Rejects when the stream breaks. */
export async function readCapped(response: Response, cap: number): Promise<CappedBody> {
  if (!response.body) return { bytes: new Uint8Array(0), cut: false };
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let cut = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const room = cap - length;
    chunks.push(value.byteLength > room ? value.subarray(0, room) : value);
    length += Math.min(value.byteLength, room);
    if (value.byteLength > room) {
      cut = true;
      await reader.cancel().catch(() => undefined);
      break;
    }
  }
  return { bytes: joined(chunks, length), cut };
}

function joined(chunks: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

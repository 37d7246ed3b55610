import { createHash } from 'node:crypto';

export interface CappedBody {
  bytes: Uint8Array<ArrayBuffer>;
  /** More was offered than the cap allows; the rest was not read. */
  cut: boolean;
}

type Came = (bytes: number) => void;

/** Reads at most `cap` bytes (after decompression) and lets go of the rest. Rejects when the stream breaks. */
export async function readCapped(response: Response, cap: number, came?: Came): Promise<CappedBody> {
  const chunks: Uint8Array[] = [];
  const { length, cut } = await eachPiece(response, cap, (piece) => void chunks.push(piece), came);
  return { bytes: joined(chunks, length), cut };
}

/** The same without keeping them: the bytes are the SHA-256 of what was read, in hexadecimal. */
export async function digestCapped(response: Response, cap: number, came?: Came): Promise<CappedBody> {
  const hash = createHash('sha256');
  const { cut } = await eachPiece(response, cap, (piece) => void hash.update(piece), came);
  return { bytes: new TextEncoder().encode(hash.digest('hex')), cut };
}

async function eachPiece(response: Response, cap: number, take: (piece: Uint8Array) => void, came: Came = () => {}) {
  const reader = response.body?.getReader();
  let length = 0;
  let cut = false;
  while (reader && !cut) {
    const { done, value } = await reader.read();
    if (done) break;
    const room = cap - length;
    came(value.byteLength);
    take(value.byteLength > room ? value.subarray(0, room) : value);
    length += Math.min(value.byteLength, room);
    cut = value.byteLength > room;
  }
  if (cut) await reader?.cancel().catch(() => undefined);
  return { length, cut };
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

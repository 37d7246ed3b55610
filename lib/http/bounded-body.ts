import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ProviderError } from '@/lib/providers/port';
import { networkFailure } from './failures';

export interface BodyLimits {
  host: string;
  /** After decompression. Bytes. */
  maxBytes: number;
  /** A write that was received although its answer is refused must be looked up, not repeated. */
  writing: boolean;
  /** Ends the exchange, body included. */
  signal: AbortSignal;
}

/** No honest answer shrinks by more than this; a bomb shrinks 1,000 to 1. */
const MAX_RATIO = 100;
/** Small answers may compress as well as they like. Bytes. */
const RATIO_FREE = 256 * 1024;

/** The answer's body, decompressed, as it is asked for. Beyond a limit, and when it breaks, it ends with a `ProviderError`. */
export function boundedBody(answer: IncomingMessage, limits: BodyLimits): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = bounded(unpack(answer, limits), limits);
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => {
    const { done, value } = await chunks.next();
    if (done) controller.close();
    else controller.enqueue(value);
  };
  const cancel = async () => void (await chunks.return(undefined));
  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
}

interface Unpacked {
  body: Readable;
  /** Bytes that have come over the wire so far; null where nothing is unpacked. */
  packed: (() => number) | null;
}

async function* bounded({ body, packed }: Unpacked, limits: BodyLimits): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.byteLength;
      if (length > limits.maxBytes) throw refusal(limits, 'too_large', 'more than this side is willing to read');
      if (packed && length > RATIO_FREE && length > packed() * MAX_RATIO) {
        throw refusal(limits, 'too_large', 'something that grows without end when it is unpacked');
      }
      yield new Uint8Array(chunk);
    }
  } catch (error) {
    throw error instanceof ProviderError ? error : networkFailure(error, limits);
  } finally {
    body.destroy();
  }
}

function unpack(answer: IncomingMessage, limits: BodyLimits): Unpacked {
  const encoding = (answer.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return { body: answer, packed: null };
  const decoder = decoderFor(encoding);
  if (!decoder) {
    answer.destroy();
    throw refusal(limits, 'encoding_unknown', 'a form that this side did not ask for');
  }
  let packed = 0;
  answer.on('data', (chunk: Buffer) => {
    packed += chunk.byteLength;
  });
  // Errors come out of the decoder, which is what is read.
  return { body: pipeline(answer, decoder, () => undefined), packed: () => packed };
}

function decoderFor(encoding: string) {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  return encoding === 'br' ? createBrotliDecompress() : null;
}

function refusal(limits: BodyLimits, code: string, what: string): ProviderError {
  return new ProviderError('protocol', code, `${limits.host} sent ${what}.`, { ambiguous: limits.writing });
}

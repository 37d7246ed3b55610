import { ServiceError } from '@/lib/kernel/errors';

/** A key file and a form's inputs fit many times. */
const MAX_BYTES = 256 * 1024;

export class BodyError extends ServiceError {
  readonly status: number;

  constructor(status: number, code: string, sentence: string) {
    super('invalid', code, sentence);
    this.status = status;
  }

  override get httpStatus(): number {
    return this.status;
  }
}

const tooLarge = () => new BodyError(413, 'body_too_large', 'The body is larger than 256 KB.');

/** Counts bytes as they come, so a missing or lying Content-Length changes nothing. */
async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > MAX_BYTES) {
      await reader?.cancel();
      throw tooLarge();
    }
    chunks.push(part.value);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new BodyError(400, 'body_not_utf8', 'The body is not UTF-8 text.');
  }
}

export interface ReadBody {
  /** As it came, for the digest of a repeat. */
  text: string;
  value: Record<string, unknown>;
}

/** The JSON object of a request; no body at all is an empty one. Throws `BodyError`. */
export async function readBody(request: Request): Promise<ReadBody> {
  const text = await readText(request);
  if (text.trim() === '') return { text: '', value: {} };
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json')
    throw new BodyError(415, 'content_type', 'Send JSON, with the header Content-Type: application/json.');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { text, value: { ...value } as Record<string, unknown> };
  } catch {
    // Said below.
  }
  throw new BodyError(400, 'body_not_json', 'The body is not a JSON object.');
}

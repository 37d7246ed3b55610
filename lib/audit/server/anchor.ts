import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { ServiceError } from '@/lib/kernel/errors';
import { type AnchorPlace, anchorName } from '../model/anchor-place';
import { type SignedHead, signedHead } from '../model/head';

type FetchOutside = (url: string, init?: RequestInit) => Promise<Response>;

/** Writes one signed head down; resolves when it is kept there. Throws an `Error` that says what was in the way. */
export async function writeAnchor(place: AnchorPlace, head: SignedHead, fetchOutside: FetchOutside): Promise<void> {
  const line = JSON.stringify({ kind: 'aetherstack.audit-head', ...head });
  if (place.kind === 'stdout') {
    process.stdout.write(`${line}\n`);
    return;
  }
  if (place.kind === 'file') return await appendLine(place.path, line);
  const headers = { 'content-type': 'application/json' };
  const response = await fetchOutside(place.url, { method: 'POST', headers, body: line });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${anchorName(place)} answered ${response.status}`);
}

async function appendLine(file: string, line: string): Promise<void> {
  const handle = await open(file, 'a+', 0o600);
  try {
    // A write that a crash cut short must not swallow the next one.
    const { size } = await handle.stat();
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const torn = bytesRead === 1 && buffer[0] !== 10;
    await handle.appendFile(`${torn ? '\n' : ''}${line}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/** What stands in the way of reading an anchor that is there. */
function unreadable(error: unknown): ServiceError {
  const sentence = `The anchor of the audit log cannot be read (${codeOf(error) ?? 'unknown'}). See that it is a file which this process may read.`;
  return new ServiceError('unavailable', 'anchor_unreadable', sentence);
}

/** No lines where there is no file: the first head makes it. */
async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw unreadable(error);
  }
}

/**
 * The heads of an anchor file, oldest first. A line that a crash cut short is passed over: no head was lost with it, since the
 * database keeps a head only after the anchor has it. Other programs' lines may stand between (a captured output).
 * Throws `ServiceError` anchor_unreadable.
 */
export async function* readAnchor(file: string): AsyncGenerator<SignedHead> {
  for await (const text of linesOf(file)) {
    if (!text.includes('"aetherstack.audit-head"')) continue;
    const head = signedHead.safeParse(parseJson(text));
    if (head.success) yield head.data;
  }
}

function parseJson(text: string): unknown {
  try {
    // A captured output may have a time or a name in front.
    return JSON.parse(text.slice(Math.max(0, text.indexOf('{'))));
  } catch {
    return null;
  }
}

/** Size of the part that surely holds the last heads, in bytes. */
const TAIL = 16_384;

/** The head that was anchored last in a file; null when there is none yet. Throws `ServiceError` anchor_unreadable. */
export async function lastAnchored(file: string): Promise<SignedHead | null> {
  try {
    return await lastOf(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw unreadable(error);
  }
}

async function lastOf(file: string): Promise<SignedHead | null> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - TAIL);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const heads = buffer
      .toString('utf8', 0, bytesRead)
      .split('\n')
      .map((text) => signedHead.safeParse(parseJson(text)));
    return heads.findLast((head) => head.success)?.data ?? null;
  } finally {
    await handle.close();
  }
}

import { randomUUID } from 'node:crypto';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import type { Settings } from './settings.ts';

const TIMEOUT_MS = 60_000;
/** The console reads the whole audit log before its answer begins. Node's own fetch waits no longer for that. */
export const READING_MS = 300_000;
/** As long as the console itself lets an upload take; it ends sooner what is silent or slow. */
const UPLOAD_MS = 3_600_000;
/** A change that got no answer is sent again with the same key, so often and after these pauses. */
const RETRY_MS = [500, 2_000, 5_000];
/** So long the console keeps a claim of a process that died; whoever waited longer in all is told that nobody knows. */
const IN_USE_MS = 70_000;
const IN_USE = 'idempotency_key_in_use';

type Query = Record<string, string | undefined>;

interface Problem {
  code?: unknown;
  detail?: unknown;
  fields?: Record<string, string>;
}

function exitFor(status: number): ExitCode {
  if (status === 404) return EXIT.notFound;
  if (status >= 500) return EXIT.unreachable;
  return status === 400 ? EXIT.usage : EXIT.refused;
}

/** Seconds in the header; a date is not what this console sends. */
function waitOf(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? seconds * 1_000 : undefined;
}

function errorFrom({ status, headers }: Response, problem: Problem): CliError {
  const code = typeof problem.code === 'string' ? problem.code : `http_${status}`;
  const detail = typeof problem.detail === 'string' ? problem.detail : `The console answered ${status}.`;
  const fields = Object.entries(problem.fields ?? {});
  const more = fields.length > 1 ? ` ${fields.map(([name, what]) => `${name}: ${what}`).join(' · ')}` : '';
  const error = new CliError(exitFor(status), code, detail + more);
  error.waitMs = waitOf(headers);
  error.status = status;
  return error;
}

/** How long to wait before a change is sent again. Most first requests end soon; then it is as long as the console says. */
function pauseAfter(error: CliError, attempt: number, waited: number): number | undefined {
  const soon = RETRY_MS[attempt];
  if (error.code === IN_USE) {
    const told = error.waitMs ?? IN_USE_MS;
    return waited + told > IN_USE_MS ? undefined : Math.min(soon ?? told, told);
  }
  return error.code === 'unreachable' || (error.status === 409 && error.waitMs !== undefined) ? soon : undefined;
}

/** A key that stays in use is no refusal: the first answer was lost, and so is what became of it. */
function orNobodyKnows(error: CliError): CliError {
  if (error.code !== IN_USE) return error;
  const sentence =
    'The first answer was lost, and nobody knows whether it was done. Look before you give it again: “aetherstack status” shows what goes on, and the audit log of the console what was done.';
  return new CliError(EXIT.unreachable, 'nobody_knows', sentence);
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}

/** Ends with Ctrl-C as well; the next request then says so. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

/** HTTP v1 of one console, as one token. Every method throws `CliError`. */
export class Client {
  readonly #settings: Settings;
  readonly #signal: AbortSignal;

  constructor(settings: Settings, signal: AbortSignal) {
    this.#settings = settings;
    this.#signal = signal;
  }

  get url(): string {
    return this.#settings.url;
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await (await this.open(path, query)).json()) as T;
  }

  async open(path: string, query: Query = {}, endless = false): Promise<Response> {
    const signal = endless ? this.#signal : this.#inTime();
    return await this.#answered(await this.#send('GET', withQuery(path, query), {}, signal));
  }

  /** An answer of any length, piece by piece. Cut off, or silent for a minute, it throws as when nobody answers. */
  async *pieces(path: string, query: Query = {}): AsyncGenerator<Uint8Array> {
    const silence = new AbortController();
    const listen = () => setTimeout(() => silence.abort(), TIMEOUT_MS);
    let timer = listen();
    try {
      const signal = AbortSignal.any([this.#signal, silence.signal]);
      const response = await this.#answered(await this.#send('GET', withQuery(path, query), {}, signal));
      const reader = response.body?.getReader();
      const next = () => reader?.read().catch((error: unknown) => this.#unanswered(error));
      for (let part = await next(); part && !part.done; part = await next()) {
        clearTimeout(timer);
        yield part.value;
        timer = listen();
      }
    } finally {
      clearTimeout(timer);
      // Whoever wants no more of it ends the sending too.
      silence.abort();
    }
  }

  /** Sends a change once, however often it has to be sent: all tries carry one key. */
  async change<T>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: object = {},
    timeoutMs = TIMEOUT_MS,
  ): Promise<T> {
    const init = {
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    };
    for (let attempt = 0, waited = 0; ; attempt++) {
      try {
        const answered = await this.#answered(await this.#send(method, path, init, this.#inTime(timeoutMs)));
        // An answer that is cut off is lost as well.
        const text = await answered.text().catch((error: unknown) => this.#unanswered(error));
        return (answered.status === 204 ? undefined : JSON.parse(text)) as T;
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        const pause = pauseAfter(error, attempt, waited);
        if (pause === undefined) throw orNobodyKnows(error);
        await wait(pause, this.#signal);
        waited += pause;
      }
    }
  }

  /** Sends a file as it is. The console knows it by its bytes, so nothing is repeated by sending it again. */
  async upload<T>(path: string, file: Blob): Promise<T> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(UPLOAD_MS)]);
    const init = { body: file, headers: { 'Content-Type': 'application/octet-stream' } };
    return (await (await this.#answered(await this.#send('POST', path, init, signal))).json()) as T;
  }

  #inTime(timeoutMs = TIMEOUT_MS): AbortSignal {
    return AbortSignal.any([this.#signal, AbortSignal.timeout(timeoutMs)]);
  }

  async #send(method: string, path: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    const { url, token } = this.#settings;
    try {
      return await fetch(`${url}/api/v1${path}`, {
        ...init,
        method,
        signal,
        redirect: 'manual',
        headers: { Authorization: `Bearer ${token}`, Accept: 'application/json', ...init.headers },
      });
    } catch (error) {
      return this.#unanswered(error);
    }
  }

  #unanswered(error: unknown): never {
    if (this.#signal.aborted) throw new CliError(EXIT.interrupted, 'interrupted', 'Interrupted.');
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? ('code' in cause && String(cause.code)) || cause.name : 'unknown';
    throw new CliError(EXIT.unreachable, 'unreachable', `${this.url} does not answer (${why}).`);
  }

  async #answered(response: Response): Promise<Response> {
    if (response.ok) return response;
    const type = response.headers.get('content-type') ?? '';
    if (/json/.test(type)) throw errorFrom(response, (await response.json().catch(() => ({}))) as Problem);
    await response.body?.cancel();
    const sentence = `${this.url} answered ${response.status}, and not as a console does. Check the address.`;
    throw new CliError(EXIT.unreachable, 'not_a_console', sentence);
  }
}

import { randomUUID } from 'node:crypto';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import type { Settings } from './settings.ts';

const TIMEOUT_MS = 60_000;
/** A change that got no answer is sent again with the same key, so often and after these pauses. */
const RETRY_MS = [500, 2_000, 5_000];

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
  return error;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

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

  async get<T>(path: string, query: Record<string, string | undefined> = {}): Promise<T> {
    return (await (await this.open(path, query)).json()) as T;
  }

  /** An answer that is read piece by piece. */
  async open(path: string, query: Record<string, string | undefined> = {}, endless = false): Promise<Response> {
    const search = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ).toString();
    return await this.#answered(await this.#send('GET', search ? `${path}?${search}` : path, {}, endless));
  }

  /** Sends a change once, however often it has to be sent: all tries carry one key. */
  async change<T>(method: 'POST' | 'PUT', path: string, body: object = {}): Promise<T> {
    const init = {
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    };
    for (let attempt = 0; ; attempt++) {
      const pause = RETRY_MS[attempt];
      try {
        const response = await this.#send(method, path, init, false);
        const again = response.status === 409 && response.headers.get('retry-after') !== null;
        if (!again || pause === undefined) {
          const answered = await this.#answered(response);
          return (answered.status === 204 ? undefined : await answered.json()) as T;
        }
      } catch (error) {
        if (!(error instanceof CliError) || error.code !== 'unreachable' || pause === undefined) throw error;
      }
      await wait(pause);
    }
  }

  async #send(method: string, path: string, init: RequestInit, endless: boolean): Promise<Response> {
    const { url, token } = this.#settings;
    const signal = endless ? this.#signal : AbortSignal.any([this.#signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      return await fetch(`${url}/api/v1${path}`, {
        ...init,
        method,
        signal,
        redirect: 'manual',
        headers: { Authorization: `Bearer ${token}`, Accept: 'application/json', ...init.headers },
      });
    } catch (error) {
      if (this.#signal.aborted) throw new CliError(EXIT.interrupted, 'interrupted', 'Interrupted.');
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const why = cause instanceof Error ? ('code' in cause && String(cause.code)) || cause.name : 'unknown';
      throw new CliError(EXIT.unreachable, 'unreachable', `${url} does not answer (${why}).`);
    }
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

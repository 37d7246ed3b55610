import { RequestError } from 'octokit';
import { readRetryAfterMs, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { PLAN_LIMIT, ProviderError } from '../port';
import { refusal422 } from './refusals';
import { shorten } from './vendor-text';

export type Subject =
  | 'repository'
  | 'workflow'
  | 'ref'
  | 'commit'
  | 'run'
  | 'job'
  | 'artifact'
  | 'file'
  | 'installation'
  | 'environment'
  | 'record'
  | 'check'
  | 'release'
  | 'tag'
  | 'account';

/** What a request was about, so that a failure can say so. */
export interface About {
  what: Subject;
  subject: string;
}

export interface Failed extends About {
  mutation: boolean;
  /** Epoch milliseconds. */
  now: number;
}

/** Any failure of a request as the one error that leaves this folder. Vendor text is shortened, never the body. */
export function translate(error: unknown, about: Failed): ProviderError {
  const ours = ownError(error);
  if (ours)
    return new ProviderError(ours.kind, ours.code, ours.message, {
      retryAfterMs: ours.retryAfterMs,
      ambiguous: about.mutation && ours.ambiguous,
    });
  if (error instanceof RequestError && error.response) return answered(error, about);
  if (error instanceof RequestError || (error instanceof Error && error.name === 'AbortError')) {
    const sentence = 'GitHub cannot be reached. Check githubstatus.com; it is tried again.';
    return new ProviderError('unavailable', 'network', sentence, { ambiguous: about.mutation });
  }
  if (about.what === 'installation') {
    const sentence =
      'The private key of the GitHub App cannot be used. Store it again under Connections: the whole PEM file, as downloaded.';
    return new ProviderError('auth', 'bad_private_key', sentence);
  }
  return new ProviderError(
    'protocol',
    'unexpected',
    'The request to GitHub failed in an unexpected way. Please report it.',
    { ambiguous: about.mutation },
  );
}

function ownError(error: unknown): ProviderError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if (at instanceof ProviderError) return at;
  }
  return null;
}

function answered(error: RequestError, about: Failed): ProviderError {
  const headers = new Headers();
  for (const [name, value] of Object.entries(error.response?.headers ?? {})) headers.set(name, String(value));
  const message = vendorMessage(error);
  const limited = rateLimit(error.status, headers, message, about.now);
  if (limited) return limited;
  switch (error.status) {
    case 401:
      return new ProviderError(
        'auth',
        'credential_refused',
        'GitHub refuses this connection’s credential: it has expired, was revoked or is wrong. Store a new one under Connections.',
      );
    case 403:
      return forbidden(headers, message);
    case 404:
      return notFound(about);
    case 409:
      return new ProviderError(
        'rejected',
        'conflict',
        `GitHub says that this is not possible right now: ${shorten(message)}`,
      );
    case 410:
      return new ProviderError('notFound', 'gone', `GitHub no longer keeps this ${about.what} (${about.subject}).`);
    case 400:
      return new ProviderError('rejected', 'bad_request', `GitHub did not accept the request: ${shorten(message)}`);
    case 422:
      return isMissingCommit(message, about) ? notFound(about) : refusal422(message, about);
  }
  if (error.status >= 500) {
    const sentence = `GitHub has trouble (${error.status}). Check githubstatus.com; it is tried again.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: about.mutation });
  }
  if (error.status >= 300 && error.status < 400) return moved(about);
  return new ProviderError(
    'rejected',
    `http_${error.status}`,
    `GitHub refused the request (${error.status}): ${shorten(message)}`,
  );
}

/** Primary (remaining 0), secondary (`Retry-After`) and unsaid limits, each with the time to wait. */
function rateLimit(status: number, headers: Headers, message: string, now: number): ProviderError | null {
  if (status !== 403 && status !== 429) return null;
  const retryAfter = readRetryAfterMs(headers, now);
  const reset = Number(headers.get('x-ratelimit-reset')) * 1000;
  const spent = headers.get('x-ratelimit-remaining') === '0';
  if (retryAfter === null && !spent && status !== 429 && !/rate limit|abuse detection/i.test(message)) return null;
  const wait = retryAfter ?? (spent && reset > now ? reset - now : UNSAID_PAUSE_MS);
  const at = new Date(now + wait).toISOString().slice(11, 16);
  const why = spent ? 'The hourly quota of this connection is used up' : 'GitHub asks this connection to slow down';
  return new ProviderError(
    'rateLimited',
    spent ? 'quota_used_up' : 'secondary_limit',
    `${why}. It goes on by itself at ${at} UTC.`,
    { retryAfterMs: wait },
  );
}

function forbidden(headers: Headers, message: string): ProviderError {
  if (headers.get('x-github-sso')?.startsWith('required')) {
    return new ProviderError(
      'auth',
      'sso_required',
      'The organisation demands single sign-on for this token. Authorise the token for the organisation in GitHub’s token settings.',
    );
  }
  if (/archived/i.test(message)) {
    return new ProviderError(
      'rejected',
      'archived',
      'The repository is archived, so nothing can run in it. Unarchive it, or point the target at another one.',
    );
  }
  if (/suspended/i.test(message)) {
    return new ProviderError(
      'auth',
      'suspended',
      'GitHub has suspended this account or installation. Lift the suspension at GitHub, then check the connection again.',
    );
  }
  if (/cannot be (retried|rerun|re-run)|already running/i.test(message)) {
    return new ProviderError('rejected', 'not_retryable', `GitHub does not re-run this run: ${shorten(message)}`);
  }
  // “Upgrade to GitHub Pro or make this repository public to enable this feature.” The scaffolder of Backstage knows it, too.
  if (/^upgrade to github /i.test(message))
    return new ProviderError('auth', PLAN_LIMIT, `GitHub’s plan does not have this: ${shorten(message)}`);
  // https://docs.github.com/en/rest/checks/runs#create-a-check-run
  if (/must authenticate via a GitHub App/i.test(message)) {
    const sentence =
      'Only a GitHub App may write checks, and this connection has a token. Connect an App, or have a status set in the target’s settings.';
    return new ProviderError('auth', 'needs_app', sentence);
  }
  const needed = headers.get('x-accepted-github-permissions') || headers.get('x-accepted-oauth-scopes');
  if (needed || /not accessible|must have admin|permission/i.test(message)) {
    const what = needed ? `“${shorten(needed)}”` : 'a permission';
    return new ProviderError(
      'auth',
      'missing_permission',
      `This connection’s credential lacks ${what} at GitHub. Grant it to the App or the token, then check the connection again.`,
    );
  }
  return new ProviderError('auth', 'forbidden', `GitHub does not allow this: ${shorten(message)}`);
}

const NOT_FOUND: Record<Subject, (subject: string) => string> = {
  repository: (name) => `GitHub shows no repository ${name} to this connection.`,
  workflow: (name) => `GitHub shows no workflow ${name}. It must exist on the default branch.`,
  file: (name) =>
    `There is no file ${name} at this revision. Choose another revision, or correct the workflow in the target’s settings.`,
  ref: (name) => `There is no branch or tag ${name}. It may have been deleted: choose another.`,
  commit: (name) => `GitHub shows no commit ${name}.`,
  run: (name) => `GitHub shows no run ${name}. It may have been deleted there.`,
  job: (name) => `GitHub shows no job ${name}, or no log of it.`,
  artifact: (name) => `GitHub shows no artifact ${name}. It may have been deleted there: run the workflow again.`,
  environment: (name) => `GitHub shows no environment ${name}. It may have been deleted: load the page again.`,
  installation: (name) =>
    `GitHub shows no installation ${name} of this App. Install the App again, or correct the number.`,
  record: (name) => `GitHub shows no deployment record ${name}. It may have been deleted there.`,
  check: (name) => `GitHub shows no check ${name}.`,
  release: (name) => `GitHub shows no release ${name}. It may have been deleted there.`,
  tag: (name) => `GitHub shows no tag ${name}.`,
  account: () => 'GitHub shows no account for this credential.',
};

/** GitHub answers 404 for what does not exist and for what one may not see; the sentence says both. */
export function notFound(about: About): ProviderError {
  const hidden =
    about.what === 'ref' || about.what === 'file'
      ? ''
      : ' Check the name, and that the credential covers this repository (GitHub hides what it may not see).';
  return new ProviderError('notFound', `no_${about.what}`, `${NOT_FOUND[about.what](about.subject)}${hidden}`);
}

/** Of a commit that is not there GitHub says 422, in these words. Seen e.g. in https://github.com/yegor256/rultor/issues/1344. */
function isMissingCommit(message: string, { what }: About): boolean {
  return what === 'commit' && /^no commit found for sha\b/i.test(message);
}

function moved(about: About): ProviderError {
  const sentence = `GitHub says that the repository has moved (${about.subject}), so nothing was done. Write its new name into the target’s settings, then try again.`;
  return new ProviderError('rejected', 'moved', sentence);
}

const MOST_REASONS = 5;

/** `message`, and the reasons in `errors`: of a refused field the message alone says “Validation Failed”. */
function vendorMessage(error: RequestError): string {
  const data: unknown = error.response?.data;
  if (typeof data !== 'object' || data === null) return '';
  const message = 'message' in data && typeof data.message === 'string' ? data.message : '';
  const reasons = 'errors' in data ? reasonsIn(data.errors) : [];
  const fresh = reasons.filter((reason) => !message.includes(reason));
  return [message, fresh.join('; ')].filter(Boolean).join(': ');
}

/** Texts, or `{ resource, field, code, message }`. Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed */
function reasonsIn(errors: unknown): string[] {
  const all = Array.isArray(errors) ? errors.slice(0, MOST_REASONS) : [errors];
  return all.flatMap((each) => {
    if (typeof each === 'string') return each;
    if (typeof each !== 'object' || each === null) return [];
    const { field, code, message } = each as Record<string, unknown>;
    if (typeof message === 'string' && message !== '') return message;
    return [field, code].filter((part) => typeof part === 'string').join(' ') || [];
  });
}

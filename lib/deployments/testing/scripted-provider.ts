import { z } from 'zod';
import {
  type AnyProvider,
  type CapabilityMap,
  type CheckNames,
  type CheckState,
  type DeployRequest,
  type Observation,
  type Phase,
  ProviderError,
  type RemoteRef,
  type UnpassedCheck,
} from '@/lib/providers/port';

interface ScriptedRun {
  id: string;
  attempt: number;
  marker: string;
  sha: string;
  phase: Phase;
  /** ISO 8601; left out = the provider does not say. */
  finishedAt?: string | null;
}

/** How the next `trigger` behaves; the run exists exactly when the name says "accepted". */
export type Answer =
  | 'accepted'
  | 'accepted-without-id'
  | 'accepted-then-lost'
  | 'lost'
  | 'unavailable'
  | 'rejected'
  | 'auth'
  | 'rate-limited';

const SHA = 'a'.repeat(40);

/** A provider whose truth is a list of runs that the test can read and move. */
export class ScriptedProvider {
  runs: ScriptedRun[] = [];
  requests = 0;
  lookups = 0;
  cancels = 0;
  answers: Answer[] = [];
  /** Whether accepted runs can be found by their marker. */
  listable = true;
  /** Set to fail every read with this error. */
  readError: ProviderError | null = null;
  head = SHA;
  shaInput: string | null = 'sha';
  /** Commits of the branch, oldest first; what is not among them compares as the same. */
  history: string[] = [];
  /** What a commit's checks say; `success` for one that is not named. */
  checks: Record<string, CheckState> = {};
  /** Which of the named ones have not passed, by commit. */
  unpassed: Record<string, UnpassedCheck[]> = {};
  /** By whose names the checks of commits were asked for, one entry a question. */
  readonly askedChecks: CheckNames[] = [];
  comparisons = 0;
  findable = true;
  /** SHA-256 of the workflow file as it is now. */
  file = 'f'.repeat(64);
  /** Called when the request is on the wire, after a run may have started. */
  onSent: () => void = () => {};

  readonly provider: AnyProvider = {
    manifest: {
      id: 'scripted',
      label: 'Scripted',
      docsUrl: '',
      defaultOrigin: 'https://scripted.test',
      credentialKinds: ['token'],
      targetConfig: z.record(z.string(), z.unknown()),
      capabilities: {
        source: { vcs: 'git' },
        workflows: { maxInputs: 25, maxPayloadCharacters: 65_535 },
        deploy: { idempotency: 'lookup' },
        status: { via: ['poll'], minPollSeconds: 1 },
        cancel: { until: 'deploying' },
        retry: { scope: 'failed-jobs' },
      },
    },
    methods: this.#methods(),
    verifyCredential: async () => ({ ok: true, account: 'scripted', scopes: [], problems: [], expiresAt: null }),
  };

  #methods(): AnyProvider['methods'] {
    const saysOf = (sha: string, asked: CheckNames | 'message') => {
      if (asked !== 'message') this.askedChecks.push(asked);
      return this.checks[sha] ?? ('success' as const);
    };
    const commit = async (_c: unknown, _config: unknown, sha: string, asked?: CheckNames | 'message') => ({
      sha,
      message: 'A change',
      author: 'Ana',
      authoredAt: '2026-01-01T00:00:00Z',
      url: '',
      checks: saysOf(sha, asked),
      unpassed: this.unpassed[sha],
    });
    return {
      source: {
        repositories: async () => [],
        refs: async () => [],
        commits: async () => [],
        commit,
        resolve: async (_c, _config, ref) => ({ ref, refKind: 'branch', sha: this.head }),
        compare: async (_c, _config, base, head) => this.#compare(base, head),
      },
      workflows: {
        list: async () => [],
        form: async () => ({
          fields: [
            {
              name: 'level',
              type: 'choice',
              description: '',
              required: true,
              default: 'info',
              options: ['info', 'debug'],
            },
          ],
          reserved: { marker: 'aetherstack', sha: this.shaInput },
          findable: this.findable,
          source: { path: 'deploy.yml', sha: this.head, url: '', digest: this.file },
          warnings: [],
        }),
      },
      deploy: {
        trigger: (_c, _config, request) => this.#trigger(request),
        findByMarker: async (_c, _config, marker) => this.#find(marker),
      },
      status: { observe: async (_c, _config, ref) => this.observe(ref) },
      cancel: {
        cancel: async (_c, _config, ref) => {
          this.cancels++;
          const run = this.#run(ref.id);
          if (run.phase === 'done')
            throw new ProviderError('rejected', 'already_finished', 'The run has ended already.');
          run.phase = 'cancelled';
        },
      },
      retry: {
        retry: async (_c, _config, ref) => {
          this.requests++;
          const run = this.#run(ref.id);
          run.attempt++;
          run.phase = 'queued';
          if (this.answers.shift() === 'accepted-then-lost')
            throw new ProviderError('unavailable', 'no_answer', 'No answer.', { ambiguous: true });
          return this.#ref(run);
        },
      },
    } satisfies Partial<{ [K in keyof CapabilityMap]: CapabilityMap[K]['methods'] }>;
  }

  #compare(base: string, head: string) {
    if (this.readError) throw this.readError;
    this.comparisons++;
    const [from, to] = [this.history.indexOf(base), this.history.indexOf(head)];
    const known = from >= 0 && to >= 0;
    const [totalIncluded, totalLeaving] = known ? [Math.max(0, to - from), Math.max(0, from - to)] : [0, 0];
    return { included: [], leaving: [], totalIncluded, totalLeaving, url: '' };
  }

  async #trigger(request: DeployRequest): Promise<RemoteRef | null> {
    if (request.formDigest !== undefined && request.formDigest !== this.file)
      throw new ProviderError('rejected', 'form_changed', 'deploy.yml is not the file that this was asked for with.');
    this.requests++;
    const answer = this.answers.shift() ?? 'accepted';
    const run = answer.startsWith('accepted') ? this.#start(request) : null;
    this.onSent();
    if (run && answer === 'accepted') return this.#ref(run);
    if (run && answer === 'accepted-without-id') return null;
    if (answer === 'accepted-then-lost' || answer === 'lost')
      throw new ProviderError('unavailable', 'no_answer', 'No answer came.', { ambiguous: true });
    if (answer === 'unavailable') throw new ProviderError('unavailable', 'unreachable', 'It cannot be reached.');
    if (answer === 'auth')
      throw new ProviderError('auth', 'bad_token', 'The token is refused. Enter a new one under Connections.');
    if (answer === 'rate-limited')
      throw new ProviderError('rateLimited', 'rate_limited', 'The rate limit is used up.', { retryAfterMs: 90_000 });
    throw new ProviderError('rejected', 'unexpected_input', 'The workflow does not declare this input.');
  }

  #start(request: DeployRequest): ScriptedRun {
    const run: ScriptedRun = {
      id: String(1000 + this.runs.length),
      attempt: 1,
      marker: request.marker,
      sha: request.revision.sha,
      phase: 'queued',
    };
    this.runs.push(run);
    return run;
  }

  #find(marker: string): RemoteRef | null {
    this.lookups++;
    if (this.readError) throw this.readError;
    const run = this.listable ? this.runs.find((each) => each.marker === marker) : undefined;
    return run ? this.#ref(run) : null;
  }

  observe(ref: RemoteRef): Observation {
    if (this.readError) throw this.readError;
    const run = this.#run(ref.id);
    const failure =
      run.phase === 'failed' ? { step: 'Run tests', sentence: 'Run tests failed with exit code 1.' } : null;
    const status = run.phase === 'done' ? 'succeeded' : 'running';
    const steps = [
      {
        key: `${run.id}:0`,
        job: 'deploy',
        jobId: run.id,
        number: 0,
        name: 'deploy',
        status,
        startedAt: null,
        endedAt: null,
      },
    ] as const;
    return {
      ref: this.#ref(run),
      phase: run.phase,
      rawPhase: `raw/${run.phase}`,
      sha: run.sha,
      startedAt: null,
      finishedAt: run.finishedAt ?? null,
      waitingFor: null,
      failure,
      steps: [...steps],
    };
  }

  #run(id: string): ScriptedRun {
    const run = this.runs.find((each) => each.id === id);
    if (!run) throw new ProviderError('notFound', 'run_not_found', `There is no run ${id}.`);
    return run;
  }

  #ref(run: ScriptedRun): RemoteRef {
    return { id: run.id, attempt: run.attempt, url: `https://scripted.test/runs/${run.id}` };
  }
}

import { vendorPhrase } from '@/lib/http/vendor-text';
import type { Observation, Phase, StepStatus } from '../port';
import type { Deploy } from './schema';
import { readTitle } from './title';

/** Netlify's contract says only that it is a text. A map, not an object, because a word may be `constructor`. */
const STATES = new Map<string, Phase>([
  ['new', 'queued'],
  ['enqueued', 'queued'],
  ['pending_review', 'waiting'],
  ['accepted', 'queued'],
  ['building', 'building'],
  ['retrying', 'building'],
  ['uploading', 'deploying'],
  ['uploaded', 'deploying'],
  ['preparing', 'deploying'],
  ['prepared', 'deploying'],
  ['processing', 'deploying'],
  ['processed', 'deploying'],
  ['ready', 'done'],
  ['error', 'failed'],
  ['rejected', 'failed'],
]);

const STEP: Partial<Record<Phase, StepStatus>> = {
  queued: 'queued',
  done: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  unrecognised: 'unrecognised',
};

/**
 * A deploy in our words. `ready` is not yet live on production: while publishing is locked, a deploy is built and waits.
 * `locked`: the published deploy of the project is. Source: https://docs.netlify.com/deploy/manage-deploys/manage-deploys-overview/
 */
export function toObservation(deploy: Deploy, production: boolean, locked = false): Observation {
  const { phase, waitingFor, failure } = placeInLife(deploy, production, locked);
  const over = ['done', 'failed', 'cancelled'].includes(phase);
  const startedAt = iso(deploy.created_at);
  const finishedAt = over ? iso(deploy.published_at ?? deploy.updated_at ?? deploy.created_at) : null;
  return {
    ref: { id: deploy.id, attempt: 1, url: pageOf(deploy) },
    phase,
    rawPhase: [deploy.state, deploy.skipped ? 'skipped' : ''].filter(Boolean).join('/').slice(0, 100),
    sha: shaOf(deploy),
    startedAt,
    finishedAt,
    waitingFor,
    keptBack: phase === 'waiting' && deploy.state === 'ready',
    failure,
    steps: [
      {
        ...{ key: `${deploy.id}:0`, job: 'Deploy', jobId: deploy.id, number: 0, name: 'Deploy' },
        ...{ status: STEP[phase] ?? 'running', startedAt, endedAt: finishedAt },
      },
    ],
  };
}

/** While the published deploy is locked, nothing that is built afterwards is published by itself. */
export function heldBy(published: Deploy | null | undefined): string | null {
  return published?.locked ? 'publishing is locked to one deploy at Netlify' : null;
}

/** Built for production and not published: worth asking the project whether publishing is locked. */
export function mayBeLocked(deploy: Deploy, production: boolean): boolean {
  return production && deploy.state === 'ready' && !deploy.published_at;
}

type Life = Pick<Observation, 'phase' | 'waitingFor' | 'failure'>;

function placeInLife(deploy: Deploy, production: boolean, locked: boolean): Life {
  const phase = STATES.get(deploy.state) ?? 'unrecognised';
  const life = { phase, waitingFor: null, failure: null };
  if (phase === 'queued') return { ...life, waitingFor: 'a free builder at Netlify' };
  if (phase === 'waiting') return { ...life, waitingFor: 'somebody at Netlify to accept the deploy request' };
  if (phase === 'failed') return ended(deploy);
  if (phase !== 'done') return life;
  const other = otherCommit(deploy);
  if (other) return { ...life, phase: 'failed', failure: { step: 'Deploy', sentence: other } };
  if (!mayBeLocked(deploy, production)) return life;
  return locked
    ? { ...life, phase: 'waiting', waitingFor: 'somebody to unlock publishing at Netlify: it is locked to one deploy' }
    : { ...life, phase: 'deploying' };
}

/** Netlify ends a cancelled deploy as `error` too, and says so in its message only. */
function ended(deploy: Deploy): Life {
  const said = vendorPhrase(deploy.error_message ?? '');
  const why = said === '' ? '' : `: ${said}`;
  if (!deploy.skipped && /^cancel+ed\b/i.test(said)) return { phase: 'cancelled', waitingFor: null, failure: null };
  const sentence = deploy.skipped
    ? `Netlify skipped Deploy${why}. Look at the project’s ignore command and whether builds are stopped.`
    : deploy.state === 'rejected'
      ? `Somebody at Netlify rejected the request, so Deploy was not done${why}.`
      : `The step Deploy failed at Netlify${why}. Open its log there.`;
  return { phase: 'failed', waitingFor: null, failure: { step: 'Deploy', sentence } };
}

/** Netlify builds the newest commit of a branch, which may be another one by the time it begins. */
function otherCommit(deploy: Deploy): string | null {
  const wanted = readTitle(deploy.title)?.sha ?? null;
  const built = shaOf(deploy);
  if (!wanted || !built || wanted === built) return null;
  return `Deploy built ${built.slice(0, 7)}, which ${vendorPhrase(deploy.branch ?? 'the branch')} had moved to, instead of ${wanted.slice(0, 7)}. Look at the new commits and deploy again.`;
}

export function shaOf({ commit_ref }: Pick<Deploy, 'commit_ref'>): string | null {
  return commit_ref && /^[0-9a-f]{40}$/.test(commit_ref) ? commit_ref : null;
}

/** Its page at Netlify; the deploy's own address where Netlify does not tell the page. */
export function pageOf({ admin_url, id, deploy_ssl_url }: Deploy): string {
  if (admin_url?.startsWith('https://')) return `${admin_url.replace(/\/+$/, '')}/deploys/${id}`;
  return deploy_ssl_url?.startsWith('https://') ? deploy_ssl_url : '';
}

function iso(text: string | null | undefined): string | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

import type { SimulatedDeploy, State } from './state';
import { ACCOUNT, SITE } from './state';

const iso = (ms: number) => new Date(ms).toISOString();
const ADMIN = `https://app.netlify.com/projects/${SITE.name}`;

/** A deploy, as `GET /deploys/{id}`, lists, webhooks and a project show it. */
export function deployView(state: State, deploy: SimulatedDeploy) {
  const production = deploy.branch === SITE.branch;
  return {
    id: deploy.id,
    site_id: state.siteId,
    user_id: null,
    build_id: deploy.buildId,
    state: deploy.state,
    name: SITE.name,
    url: `http://${SITE.name}.netlify.app`,
    ssl_url: `https://${SITE.name}.netlify.app`,
    admin_url: ADMIN,
    deploy_url: `http://${deploy.id}--${SITE.name}.netlify.app`,
    deploy_ssl_url: `https://${deploy.id}--${SITE.name}.netlify.app`,
    screenshot_url: deploy.state === 'ready' ? `https://${deploy.id}--${SITE.name}.netlify.app/__screenshot.png` : null,
    required: [],
    required_functions: [],
    error_message: deploy.error,
    branch: deploy.branch,
    // Known as soon as the repository was cloned.
    commit_ref: deploy.state === 'enqueued' ? null : deploy.sha,
    commit_url: null,
    skipped: null,
    created_at: iso(deploy.at),
    updated_at: iso(deploy.endedAt || deploy.at),
    published_at: deploy.publishedAt ? iso(deploy.publishedAt) : null,
    title: deploy.title,
    context: production ? 'production' : 'branch-deploy',
    locked: null as boolean | null,
    review_url: null,
  };
}

/** `GET /sites/{id}`. */
export function siteView(state: State, now: number) {
  const live = state.published();
  return {
    id: state.siteId,
    state: 'current',
    name: SITE.name,
    account_id: ACCOUNT.id,
    account_slug: ACCOUNT.slug,
    account_name: 'AetherStack',
    url: `http://${SITE.name}.netlify.app`,
    ssl_url: `https://${SITE.name}.netlify.app`,
    admin_url: ADMIN,
    published_deploy: live ? { ...deployView(state, live), locked: state.lockedAt(now) } : null,
    git_provider: 'github',
    build_settings: {
      provider: 'github',
      repo_path: SITE.repository,
      repo_branch: SITE.branch,
      allowed_branches: [SITE.branch],
      stop_builds: false,
    },
  };
}

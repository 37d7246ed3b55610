import { z } from 'zod';
import type { Manifest } from '../port';

/** Owner and repository as GitHub allows them. */
const REPOSITORY = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9._-]{1,100}$/;
const WORKFLOW = /^[A-Za-z0-9._-]{1,200}\.ya?ml$/;

/** Settings of one target. `inputs` are sent with every deployment and are not asked for in the form. */
export const targetConfig = z.strictObject({
  repository: z
    .string()
    .regex(REPOSITORY, 'Write the repository as owner/name.')
    .refine((name) => !/\/\.{1,2}$/.test(name), 'Write the repository as owner/name.')
    .describe('Repository (owner/name)'),
  workflow: z
    .string()
    .regex(WORKFLOW, 'Write the file name only, such as deploy.yml.')
    .describe('Workflow file in .github/workflows'),
  defaultRef: z.string().min(1).max(255).describe('Branch that is offered first'),
  inputs: z
    .record(z.string().max(100), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('Fixed inputs'),
});

export type GithubTarget = z.infer<typeof targetConfig>;

export type GithubCapability =
  | 'source'
  | 'files'
  | 'workflows'
  | 'deploy'
  | 'status'
  | 'cancel'
  | 'retry'
  | 'logs'
  | 'artifacts'
  | 'rollback'
  | 'live'
  | 'proposals'
  | 'announcements'
  | 'releases'
  | 'configuration'
  | 'site'
  | 'capacity'
  | 'serviceStatus'
  | 'environments'
  | 'gates'
  | 'domains'
  | 'rendering'
  | 'webhooks';

/** A workflow file that has everything: it can be started, found again, and deploy any commit of a branch. */
const WORKFLOW_EXAMPLE = `name: Deploy
run-name: Deploy to \${{ inputs.environment }} \${{ inputs.aetherstack }}
on:
  workflow_dispatch:
    inputs:
      environment: { type: environment, required: true }
      sha: { type: string, default: '' }
      aetherstack: { type: string, default: '' }
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ inputs.sha || github.sha }}
`;

/** What GitHub can do for us, and how. Data only: this file also goes to the browser. */
export const manifest: Manifest<GithubCapability> = {
  id: 'github',
  label: 'GitHub Actions',
  docsUrl: 'https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event',
  defaultOrigin: 'https://api.github.com',
  apiPath: '/api/v3',
  credentialKinds: ['app', 'token'],
  ownServer: {},
  needs: {
    checks: {
      app: ['checks:read', 'checks:write'].flatMap((runs) =>
        ['statuses:read', 'statuses:write'].map((each) => [runs, each]),
      ),
      token: [['repo'], ['public_repo']],
    },
    proposals: {
      app: [['contents:write', 'pull_requests:write', 'workflows:write']],
      token: [
        ['repo', 'workflow'],
        ['public_repo', 'workflow'],
      ],
    },
    // Classic scopes: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps#available-scopes
    records: { app: [['deployments:write']], token: [['repo'], ['repo_deployment'], ['public_repo']] },
    marks: { app: [['statuses:write']], token: [['repo'], ['repo:status'], ['public_repo']] },
    checkMarks: { app: [['checks:write']] },
    sites: { app: [['pages:read'], ['pages:write']], token: [['repo'], ['public_repo']] },
  },
  // Where a download of a log or an artifact is sent on to; the credential stays behind.
  downloadHosts: ['*.blob.core.windows.net', '*.githubusercontent.com'],
  targetConfig,
  capabilities: {
    source: { vcs: 'git' },
    files: { by: 'commit' },
    workflows: { maxInputs: 25, maxPayloadCharacters: 65_535, example: WORKFLOW_EXAMPLE },
    deploy: { idempotency: 'lookup' },
    status: { via: ['webhook', 'poll'], minPollSeconds: 3 },
    cancel: { until: 'deploying' },
    retry: { scope: 'failed-jobs' },
    logs: { mode: 'archive', retentionDays: 90 },
    // https://docs.github.com/en/organizations/managing-organization-settings/configuring-the-retention-period-for-github-actions-artifacts-and-logs-in-your-organization
    artifacts: { keptDays: 90 },
    rollback: { how: 'redeploy' },
    live: { by: 'last-run' },
    proposals: { word: 'pull request' },
    announcements: { to: 'GitHub', descriptionLimit: 140, commitStatus: true, checks: ['app'] },
    releases: { generatedNotes: true, latest: true, drafts: true },
    // https://docs.github.com/en/actions/reference/security/secrets and …/reference/workflows-and-actions/variables
    configuration: {
      kinds: {
        secret: { readable: false, maxBytes: 49_152, expression: 'secrets.NAME' },
        variable: { readable: true, maxBytes: 49_152, expression: 'vars.NAME' },
      },
      scopes: [
        { id: 'environment', word: 'Environment', shared: false, writable: true },
        { id: 'repository', word: 'Repository', shared: true, writable: true },
        { id: 'organization', word: 'Organisation', shared: true, writable: false },
      ],
      name: {
        pattern: '(?!GITHUB_)[A-Z_][A-Z0-9_]{0,254}',
        letters: 'upper',
        says: 'A name has letters, digits and _ only, begins with no digit, and not with GITHUB_.',
      },
      takesEffect: 'next-deployment',
    },
    site: { word: 'GitHub Pages', once: true },
    capacity: { ownRunners: 'self-hosted runners' },
    serviceStatus: {
      page: 'https://www.githubstatus.com',
      url: 'https://www.githubstatus.com/api/v2/summary.json',
      // An Enterprise server has no page of its own.
      origins: ['https://api.github.com'],
      parts: ['Actions', 'API Requests', 'Webhooks', 'Pages', 'Git Operations'],
    },
    environments: {
      docsUrl: 'https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments',
    },
    gates: {
      endsAfterDays: 30,
      token: {
        needs: 'repo, or “Deployments: write” and “Actions: read” for this repository',
        url: 'https://github.com/settings/tokens',
      },
    },
    // Of GitHub Pages, where the target's workflow hands its build to it.
    domains: { of: 'project' },
    // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputs
    rendering: { modes: ['ssr', 'ssg'], writes: 'input', name: 'rendering' },
    webhooks: { signature: 'hmac-sha256', signatureHeader: 'x-hub-signature-256' },
  },
};

import { packageNamed } from './built-archive';
import { chance, objectId } from './random';
import type { JobPlan, Run, StepPlan } from './types';

const CYAN = '\u001b[36;1m';
const GREEN = '\u001b[32m';
const RED = '\u001b[31m';
const DIM = '\u001b[2m';
const OFF = '\u001b[0m';

/** What a tool prints, by the command or the name of its step. */
const OUTPUT: readonly [RegExp, (run: Run) => string[]][] = [
  [
    /actions\/checkout/,
    (run) => [
      `Syncing repository: ${run.repo.fullName}`,
      '##[group]Getting Git version info',
      'git version 2.51.0',
      '##[endgroup]',
      `##[group]Fetching the repository`,
      `[command]/usr/bin/git -c protocol.version=2 fetch --no-tags --prune --depth=1 origin +${run.inputs.sha || run.sha}`,
      `From https://github.com/${run.repo.fullName}`,
      ` * [new ref]         ${run.inputs.sha || run.sha} -> origin/${run.branch}`,
      '##[endgroup]',
      `HEAD is now at ${(run.inputs.sha || run.sha).slice(0, 7)} ${run.repo.commits.get(run.inputs.sha || run.sha)?.message.split('\n')[0] ?? ''}`,
    ],
  ],
  [
    /setup-python/,
    () => ['Successfully set up CPython (3.13.9)', 'pip cache is found, restoring', 'Cache restored successfully'],
  ],
  [
    /setup-node/,
    () => [
      'Found in cache @ /opt/hostedtoolcache/node/24.11.0/x64',
      '##[group]Environment details',
      'node: v24.11.0',
      'npm: 11.6.1',
      '##[endgroup]',
    ],
  ],
  [
    /setup-buildx/,
    () => ['Creating builder-1f7c', 'driver: docker-container', 'Booting builder', 'Inspecting builder: running'],
  ],
  [
    /pip install/,
    () => [
      'Collecting fastapi>=0.115,<1',
      '  Using cached fastapi-0.121.2-py3-none-any.whl (109 kB)',
      'Collecting uvicorn[standard]>=0.32,<1',
      '  Using cached uvicorn-0.38.0-py3-none-any.whl (68 kB)',
      'Installing collected packages: typing-extensions, sniffio, idna, h11, click, anyio, uvicorn, starlette, pydantic, fastapi',
      'Successfully installed fastapi-0.121.2 pydantic-2.12.4 starlette-0.49.3 uvicorn-0.38.0',
    ],
  ],
  [/ruff check/, () => [`${GREEN}All checks passed!${OFF}`]],
  [
    /pytest/,
    () => [
      '....                                                                     [100%]',
      `${GREEN}${CYAN.replace('36', '32')}4 passed${OFF}${GREEN} in 0.41s${OFF}`,
    ],
  ],
  [
    /npm test|node --test/,
    () => [
      '> node --test',
      `${GREEN}✔ names environment, version and short commit (1.2ms)${OFF}`,
      `${GREEN}✔ says nothing about a commit that it does not know (0.3ms)${OFF}`,
      'ℹ tests 2',
      'ℹ pass 2',
      'ℹ fail 0',
    ],
  ],
  [
    /buildx build/,
    (run) => [
      '#1 [internal] load build definition from Dockerfile',
      '#1 DONE 0.0s',
      '#2 [internal] load metadata for docker.io/library/python:3.13-slim',
      '#2 DONE 0.6s',
      '#7 [build 4/4] RUN pip install -r requirements.txt',
      '#7 CACHED',
      '#9 [stage-1 5/5] COPY app ./app',
      '#9 DONE 0.1s',
      '#10 exporting to docker image format',
      `#10 exporting manifest sha256:${objectId('manifest', run.sha)}${objectId('rest', run.sha).slice(0, 24)} done`,
      '#10 DONE 3.4s',
    ],
  ],
  [/docker run/, () => ['7c0f2b9d51e4', '{"status":"ok"}', 'smoke']],
  [/docker save/, () => ['image.tar.gz: 58.3 MB']],
  [
    /upload-artifact|upload-pages-artifact/,
    () => [
      'With the provided path, there will be 1 file uploaded',
      'Beginning upload of artifact content to blob storage',
      'Finished uploading artifact content to blob storage!',
      'Artifact has been successfully uploaded',
    ],
  ],
  [/download-artifact/, () => ['Downloading single artifact', 'Artifact download completed successfully.']],
  [/docker\/login/, () => ['Logging into ghcr.io...', 'Login Succeeded!']],
  [
    /docker push/,
    (run) => [
      'The push refers to repository [ghcr.io/aetherstack/backend]',
      '5f70bf18a086: Layer already exists',
      '9a1c0d2ee8b1: Pushed',
      `${run.sha}: digest: sha256:${objectId('manifest', run.sha)}${objectId('rest', run.sha).slice(0, 24)} size: 1992`,
    ],
  ],
  [/migrate\.sh/, () => ['job.batch/migrate-1790001234 created', 'schema is up to date']],
  [
    /roll-out\.sh/,
    (run) => [
      'deployment.apps/backend labeled',
      'deployment.apps/backend image updated',
      `deployment.apps/backend scaled to ${run.inputs.replicas ?? '2'}`,
    ],
  ],
  [
    /wait-healthy/,
    () => [
      'Waiting for deployment "backend" rollout to finish: 1 of 2 updated replicas are available...',
      'deployment "backend" successfully rolled out',
      '{"status":"ok"}',
      `${GREEN}healthy after 4 s${OFF}`,
    ],
  ],
  [
    /vsce package/,
    (run) => [
      'Executing prepublish script',
      ' INFO  Files included in the VSIX: 8 files, 9.2 KB',
      ` ${GREEN}DONE${OFF}  Packaged: extension.vsix`,
      `${objectId('vsix', run.sha)}${objectId('x', run.sha).slice(0, 24)}  extension.vsix`,
    ],
  ],
  [
    /vsce publish/,
    (run) => [` INFO  Publishing ${packageNamed(run)}...`, ` ${GREEN}DONE${OFF}  Published ${packageNamed(run)}.`],
  ],
  [/ovsx publish/, (run) => [`🚀  Published ${packageNamed(run)}`]],
  [
    /mkdocs build/,
    () => [
      'INFO    -  Cleaning site directory',
      'INFO    -  Building documentation to directory: /home/runner/site',
      'INFO    -  Documentation built in 0.31 seconds',
    ],
  ],
  [
    /deploy-pages/,
    () => [
      'Fetching artifact metadata for "github-pages" in this workflow run',
      'Created deployment for this commit',
      'Getting Pages deployment status...',
      'Reported success!',
    ],
  ],
  [
    /s3 sync/,
    () => [
      'upload: dist/index.html to s3://aetherstack-dashboard/index.html',
      'upload: dist/status.js to s3://aetherstack-dashboard/status.js',
    ],
  ],
  [/cloudfront/, () => ['"Status": "InProgress"']],
];

const FAILURES: readonly [RegExp, string[]][] = [
  [
    /pytest/,
    [
      '..F.                                                                     [100%]',
      '=================================== FAILURES ===================================',
      `${RED}${'_'.repeat(26)} test_unknown_project_is_404 ${'_'.repeat(26)}${OFF}`,
      '    def test_unknown_project_is_404() -> None:',
      '>       assert client.get("/v1/projects/nope").status_code == 404',
      `${RED}E       assert 500 == 404${OFF}`,
      `${RED}E        +  where 500 = <Response [500 Internal Server Error]>.status_code${OFF}`,
      'tests/test_api.py:17: AssertionError',
      `${RED}FAILED${OFF} tests/test_api.py::test_unknown_project_is_404 - assert 500 == 404`,
      `${RED}1 failed${OFF}, ${GREEN}3 passed${OFF} in 0.52s`,
    ],
  ],
  [
    /npm test/,
    [
      `${RED}✖ names environment, version and short commit (2.1ms)${OFF}`,
      '  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal',
      'ℹ pass 1',
      'ℹ fail 1',
    ],
  ],
  [/.*/, [`${RED}error${OFF}: the command failed; see the lines above`]],
];

/**
 * The log of a finished job as GitHub serves it: a timestamp with seven digits of a second on each line, group
 * markers, and the tools' own colours. Decided by run and step alone.
 */
export function writeLog(run: Run, attempt: number, job: JobPlan): string {
  const lines: string[] = [];
  for (const step of job.steps) {
    const said = stepLines(run, job, step);
    const span = (step.endsAt - step.startedAt) / (said.length + 1);
    said.forEach((line, index) => {
      lines.push(`${stamp(step.startedAt + span * index, run.id + attempt + index)} ${line}`);
    });
  }
  return `${lines.join('\n')}\n`;
}

function stamp(ms: number, salt: number): string {
  const fraction = String(Math.floor(chance('stamp', salt, ms) * 10_000)).padStart(4, '0');
  return `${new Date(ms).toISOString().slice(0, 23)}${fraction}Z`;
}

function stepLines(run: Run, job: JobPlan, step: StepPlan): string[] {
  if (step.conclusion === 'skipped') return [];
  if (step.name === 'Set up job') return setUp(job);
  if (step.name === 'Complete job') return ['Cleaning up orphan processes'];
  if (step.name.startsWith('Post '))
    return [
      'Post job cleanup.',
      ...(/checkout/.test(step.command)
        ? ['[command]/usr/bin/git config --local --unset-all http.https://github.com/.extraheader']
        : []),
    ];
  const head = header(step);
  if (step.conclusion === 'cancelled') return [...head, '##[error]The operation was canceled.'];
  if (step.conclusion === 'failure')
    return [
      ...head,
      ...(FAILURES.find(([pattern]) => pattern.test(step.command))?.[1] ?? []),
      '##[error]Process completed with exit code 1.',
    ];
  return [
    ...head,
    ...(OUTPUT.find(([pattern]) => pattern.test(step.command))?.[1](run) ?? [`${DIM}${step.name}${OFF}`]),
  ];
}

function header(step: StepPlan): string[] {
  const [first = '', ...more] = step.command.trimEnd().split('\n');
  const isAction = /^[\w-]+\/[\w-]+@/.test(first);
  if (isAction) return [`##[group]Run ${first}`, 'env:', '  CI: true', '##[endgroup]'];
  return [
    `##[group]Run ${first}`,
    ...[first, ...more].map((line) => `${CYAN}${line}${OFF}`),
    'shell: /usr/bin/bash -e {0}',
    '##[endgroup]',
  ];
}

function setUp(job: JobPlan): string[] {
  return [
    "Current runner version: '2.330.0'",
    '##[group]Runner Image Provisioner',
    'Hosted Compute Agent',
    '##[endgroup]',
    '##[group]Operating System',
    'Ubuntu',
    '24.04.3',
    'LTS',
    '##[endgroup]',
    '##[group]GITHUB_TOKEN Permissions',
    'Contents: read',
    'Metadata: read',
    '##[endgroup]',
    'Secret source: Actions',
    'Prepare workflow directory',
    'Prepare all required actions',
    'Getting action download info',
    `Complete job name: ${job.name}`,
  ];
}

import { type Need, ownVariable } from './blueprint';
import type { DashboardSettings } from './settings';
import { chosenEnvironment, type Job, script, uses } from './workflow';

/** Where it goes, and how it is rendered: an expression. */
type Onto = Pick<Job, 'minutes' | 'permissions' | 'environment' | 'url'> & { rendering: string };

const appVariable = (settings: DashboardSettings) => ownVariable('AGENT_APP', settings);

export function agentNeeds(settings: DashboardSettings): Need[] {
  const { name, environments } = settings;
  return [
    { name: 'AGENT_URL', kind: 'variable', why: 'Where its agent answers, such as https://agent.example.com.' },
    { name: 'AGENT_TOKEN', kind: 'secret', why: 'A token of the agent with the role deploy.' },
    {
      name: appVariable(settings),
      kind: 'variable',
      why: 'A variable of each environment, never of the repository: the name of its app at the agent. With the same one they would replace each other.',
      without: `it is the component and the environment, such as ${name}-${environments[0]?.toLowerCase()}.`,
    },
  ];
}

/** In a job of no environment, where nothing but what all of them share can be read. */
export function ownApps(settings: DashboardSettings): string {
  const variable = appVariable(settings);
  return script(
    'See that the environments share no app',
    `if [ -n "$AETHERSTACK_SHARED" ]; then
  echo '::error::${variable} is a variable of the repository or the organization: all environments would be one app. Make it one of each.'
  exit 1
fi`,
    { AETHERSTACK_SHARED: `\${{ vars.${variable} || '' }}` },
  );
}

/** The agent takes the build by its digest, starts and checks it, and switches; the step follows it to its end. */
export function agentJob(settings: DashboardSettings, { rendering, ...onto }: Onto): Job {
  return {
    id: 'deploy',
    name: 'Deploy',
    needs: 'build',
    ...onto,
    permissions: {},
    steps: [
      uses('Fetch the build', 'actions/download-artifact', { name: 'build' }),
      script('Give it to the agent', `${appOf(settings)}\n${ASK}\n${GIVE}\n${FOLLOW}`, {
        AETHERSTACK_RENDERING: rendering,
        AGENT_APP: `\${{ vars.${appVariable(settings)} || '' }}`,
        AGENT_TOKEN: '${{ secrets.AGENT_TOKEN }}',
        AGENT_URL: '${{ vars.AGENT_URL }}',
        COMMIT: '${{ inputs.sha || github.sha }}',
        ENVIRONMENT: chosenEnvironment(settings),
      }),
    ],
  };
}

// GitHub does not tell names of environments apart by their case.
const appOf = (settings: DashboardSettings) => `name="\${AGENT_APP:-${settings.name}-\${ENVIRONMENT,,}}"
if ! [[ "$name" =~ ^[a-z][a-z0-9-]{0,39}$ ]]; then
  echo "::error::An agent has no app called '$name'. Set ${appVariable(settings)}, a variable of the environment $ENVIRONMENT, to the name of its app."
  exit 1
fi
app="$AGENT_URL/v1/apps/$name"`;

const ASK = `(umask 077 && printf 'authorization: Bearer %s\\n' "$AGENT_TOKEN" > "$RUNNER_TEMP/agent-header")
trap 'rm -f "$RUNNER_TEMP/agent-header"' EXIT
# Asking again changes nothing: an upload goes by its digest, a deployment by its key.
ask() {
  local kept="$RUNNER_TEMP/agent-answer" status=0
  : > "$kept"
  curl --silent --show-error --fail-with-body --max-time 300 --retry 8 --retry-connrefused --output "$kept" \\
    --header @"$RUNNER_TEMP/agent-header" "$@" || status=$?
  cat "$kept"
  return "$status"
}
refused() {
  said=$(jq --raw-output '.error | .message + " (" + .code + ")"' <<< "$1" 2> /dev/null) || said='It gave no usable answer.'
  echo "::error::$said"
  exit 1
}`;

const GIVE = `mode=server
if [ "$AETHERSTACK_RENDERING" = ssg ]; then mode=static; fi
sha=$(sha256sum build.tar.gz | cut -d ' ' -f 1)
answer=$(ask --upload-file build.tar.gz "$app/uploads/$sha") || refused "$answer"
wanted=$(printf '{"artifact":{"sha256":"%s"},"commit":"%s","mode":"%s"}' "$sha" "$COMMIT" "$mode")
# Another deployment may go on there; this one takes its turn.
until answer=$(ask --header 'content-type: application/json' \\
  --header "idempotency-key: run-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT" --data "$wanted" "$app/deployments"); do
  code=$(jq --raw-output '.error.code' <<< "$answer" 2> /dev/null) || code=''
  if [ "$code" != busy ] || [ "$SECONDS" -gt 900 ]; then refused "$answer"; fi
  sleep 2
done`;

const FOLLOW = `id=$(jq --raw-output .id <<< "$answer")
misses=0
until jq --exit-status '.finishedAt != null' <<< "$answer" > /dev/null; do
  if [ "$SECONDS" -gt 900 ]; then
    echo "::error::The agent is not done after 15 minutes; it goes on with deployment $id. Look at it there."
    exit 1
  fi
  sleep 1
  # A question without an answer says nothing about the deployment.
  if seen=$(ask "$app/deployments/$id"); then
    answer=$seen misses=0
  else
    misses=$((misses + 1))
    if [ "$misses" -ge 5 ]; then refused "$seen"; fi
  fi
done
if [ "$(jq --raw-output .phase <<< "$answer")" != live ]; then
  echo "::error::$(jq --raw-output '.failure.sentence // "It was cancelled there."' <<< "$answer")"
  exit 1
fi`;

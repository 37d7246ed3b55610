import { type Job, script, uses } from './workflow';

/** Where it goes, and how it is rendered: an expression. */
type Onto = Pick<Job, 'minutes' | 'permissions' | 'environment' | 'url'> & { rendering: string };

/** The agent takes the build by its digest, starts and checks it, and switches; the step follows it to its end. */
export function agentJob(name: string, { rendering, ...onto }: Onto): Job {
  return {
    id: 'deploy',
    name: 'Deploy',
    needs: 'build',
    ...onto,
    permissions: {},
    steps: [
      uses('Fetch the build', 'actions/download-artifact', { name: 'build' }),
      script('Give it to the agent', giveToAgent(name), {
        AETHERSTACK_RENDERING: rendering,
        AGENT_TOKEN: '${{ secrets.AGENT_TOKEN }}',
        AGENT_URL: '${{ vars.AGENT_URL }}',
        COMMIT: '${{ inputs.sha || github.sha }}',
      }),
    ],
  };
}

function giveToAgent(name: string): string {
  return `(umask 077 && printf 'authorization: Bearer %s\\n' "$AGENT_TOKEN" > "$RUNNER_TEMP/agent-header")
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
}
misses=0
mode=server
if [ "$AETHERSTACK_RENDERING" = ssg ]; then mode=static; fi
app="$AGENT_URL/v1/apps/${name}"
sha=$(sha256sum build.tar.gz | cut -d ' ' -f 1)
answer=$(ask --upload-file build.tar.gz "$app/uploads/$sha") || refused "$answer"
wanted=$(printf '{"artifact":{"sha256":"%s"},"commit":"%s","mode":"%s"}' "$sha" "$COMMIT" "$mode")
answer=$(ask --header 'content-type: application/json' --header "idempotency-key: run-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT" \\
  --data "$wanted" "$app/deployments") || refused "$answer"
id=$(jq --raw-output .id <<< "$answer")
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
}

import { inside, type Need } from './blueprint';
import { type DashboardSettings, FORMER_FOLDERS } from './settings';
import { chosenEnvironment, type DispatchInput, type Job, script, uses } from './workflow';

/** Where it goes, and how it is rendered: an expression. */
type Onto = Pick<Job, 'minutes' | 'permissions' | 'environment' | 'url'> & { rendering: string };

/** The unit that an administrator installs once. */
export function unitFile(settings: DashboardSettings): string {
  return inside(settings, `deploy/${settings.name}@.service`);
}

export function sshNeeds(settings: DashboardSettings): Need[] {
  return [
    {
      name: 'SSH_HOST',
      kind: 'variable',
      why: 'The machine that serves it; a variable of each environment where they are on different ones.',
    },
    {
      name: 'SSH_USER',
      kind: 'variable',
      why: `The account that receives it there. What that machine needs once is said at the head of ${unitFile(settings)}.`,
    },
    {
      name: 'SSH_KNOWN_HOSTS',
      kind: 'variable',
      why: 'What “ssh-keyscan HOST” says, compared with the machine itself.',
    },
    { name: 'SSH_KEY', kind: 'secret', why: 'A private key that this account accepts, for this purpose only.' },
  ];
}

export const KEPT: DispatchInput = {
  name: 'kept',
  description: 'Serve the release of this commit that the server still has; nothing is built',
  type: 'boolean',
  default: 'false',
};

/** *Roll back* fills it in, by this name: the run and attempt of each build that will do, such as `123-1`, the newest first. */
export const KEPT_RELEASES: DispatchInput = {
  name: 'aetherstack_kept',
  description: 'Releases to serve again where the server still has one, else it is built; the console fills it in',
  type: 'string',
  default: "''",
};

/** What the build was made of, which the name of its release says. */
export const WHICH_COMMIT = script(
  'Which commit it is',
  'echo "revision=$(git rev-parse HEAD)" >> "$GITHUB_OUTPUT"',
  {},
  ['id: commit'],
);
const UNSERVED = "needs.back.outputs.served != 'true'";

/** Going back to a release that is kept, and otherwise `build` and what puts it there; each asks what stands before it. */
export function sshJobs(settings: DashboardSettings, onto: Onto, build: Job): Job[] {
  return [
    backJob(settings, onto),
    {
      ...build,
      needs: 'back',
      if: `!failure() && !cancelled() && !inputs.kept && ${UNSERVED}`,
      outputs: { revision: '${{ steps.commit.outputs.revision }}' },
    },
    deployJob(settings, onto),
  ];
}

/**
 * The very build that was served then, named by its run, so that nothing in it can be another one: neither its mode nor what
 * is baked into it. Where the server has it no more, the jobs behind this one build the commit.
 */
function backJob(settings: DashboardSettings, { rendering, ...onto }: Onto): Job {
  const told = { ...access(settings, rendering), COMMIT: '${{ inputs.sha || github.sha }}', KEPT: "'true'" };
  return {
    id: 'back',
    name: 'Go back',
    if: `inputs.${KEPT_RELEASES.name} != ''`,
    ...onto,
    permissions: {},
    outputs: { served: '${{ steps.back.outputs.served }}' },
    steps: [
      script(
        'Serve a release that is kept',
        [REACH, placeOf(settings), READY, SWITCH, FIND, SERVE, 'echo "served=true" >> "$GITHUB_OUTPUT"'].join('\n'),
        { ...told, RELEASES: `\${{ inputs.${KEPT_RELEASES.name} }}` },
        ['id: back'],
      ),
    ],
  };
}

/**
 * A folder for each release, then one rename: visitors see the old one or the new one, never half of each. One that is not
 * well (its unit ends, its address does not answer) makes way for the one before. A release that is kept is switched to
 * without a build, which is skipped then.
 */
function deployJob(settings: DashboardSettings, { rendering, ...onto }: Onto): Job {
  return {
    id: 'deploy',
    name: 'Deploy',
    needs: ['back', 'build'],
    if: `!failure() && !cancelled() && ${UNSERVED}`,
    ...onto,
    permissions: {},
    steps: [
      uses('Fetch the build', 'actions/download-artifact', { name: 'build' }, ['if: ${{ !inputs.kept }}']),
      script('Put it live', [REACH, placeOf(settings), READY, SWITCH, TAKE, SERVE].join('\n'), {
        ...access(settings, rendering),
        COMMIT: '${{ needs.build.outputs.revision || inputs.sha || github.sha }}',
        KEPT: '${{ inputs.kept || false }}',
      }),
    ],
  };
}

function access(settings: DashboardSettings, rendering: string): Record<string, string> {
  return {
    AETHERSTACK_RENDERING: rendering,
    ENVIRONMENT: chosenEnvironment(settings),
    KEY: '${{ secrets.SSH_KEY }}',
    KNOWN_HOSTS: '${{ vars.SSH_KNOWN_HOSTS }}',
    PUBLIC_URL: "${{ vars.PUBLIC_URL || '' }}",
    SSH_HOST: '${{ vars.SSH_HOST }}',
    SSH_USER: '${{ vars.SSH_USER }}',
  };
}

const REACH = `install -m 700 -d ~/.ssh
install -m 600 /dev/null ~/.ssh/key
printf '%s\\n' "$KEY" > ~/.ssh/key
printf '%s\\n' "$KNOWN_HOSTS" > ~/.ssh/known_hosts
fail() {
  echo "::error::$1"
  exit 1
}
# shellcheck disable=SC2029 # these paths are ours, and are meant to be known on both sides
there() { ssh -i ~/.ssh/key "$SSH_USER@$SSH_HOST" "$1"; }`;

/** What stands in a command over there is checked first. GitHub does not tell names of environments apart by their case. */
function placeOf(settings: DashboardSettings): string {
  const { name } = settings;
  return `place="\${ENVIRONMENT,,}"
if ! [[ "$place" =~ ^[a-z0-9][a-z0-9._-]*$ ]]; then fail "No folder is called like the environment '$ENVIRONMENT': use letters, digits, dots and dashes."; fi
if [[ "$place" =~ ^(${[...FORMER_FOLDERS].join('|')})$ ]]; then fail "No environment can be called '$ENVIRONMENT' here: a deployment of before has that folder."; fi
if ! [[ "$COMMIT" =~ ^[0-9a-f]{7,64}$ ]]; then fail "'$COMMIT' is no commit: write its SHA."; fi
base="/srv/${name}/$place" unit="${name}@$place.service" once='${unitFile(settings)}'
former="/srv/${name}/current"`;
}

const READY = `part=site
if [ "$AETHERSTACK_RENDERING" = ssr ]; then part=server; fi
ready=$(there "test -w $base && echo yes || echo no")
if [ "$ready" != yes ]; then fail "$SSH_USER may not write to $base there. The head of $once says what is set up once."; fi
if [ "$part" = server ]; then
  ready=$(there "systemctl cat $unit > /dev/null 2>&1 && sudo -n -l systemctl restart $unit > /dev/null 2>&1 && echo yes || echo no")
  if [ "$ready" != yes ]; then fail "The unit $unit is not there, or $SSH_USER may not restart it. The head of $once says what is set up once."; fi
fi
old=$(there "test -L $former && echo yes || echo no")
if [ "$old" = yes ]; then
  echo "::warning::$former of before is still there: visitors may get what it serves. The head of $once says how the proxy is led here."
fi`;

/**
 * Files need no unit; a server of the release before is ended by it, because the unit's condition is not met any more. One that
 * dies and is started over and over is active in between, so its restarts count: asking for them takes no rights.
 */
const SWITCH = `restarts="systemctl show --property=NRestarts --value $unit"
restart="if [ -e $base/current/server ] || systemctl is-active --quiet $unit; then sudo -n systemctl restart $unit; fi"
switch() { there "ln -sfn $1 $base/next && mv -T $base/next $base/current && { $restart; }"; }
well() {
  if [ "$part" = server ]; then
    there "n=\\$($restarts); sleep 5; systemctl is-active --quiet $unit && [ \\"\\$n\\" = \\"\\$($restarts)\\" ]" || return 1
  fi
  if [ -n "$PUBLIC_URL" ]; then
    curl --silent --show-error --fail --output /dev/null --max-time 10 --retry 8 --retry-delay 3 --retry-all-errors "$PUBLIC_URL" || return 1
  fi
}`;

/** Which release it was is told, never guessed: another one of the same commit may have other values in it. */
const FIND = `before=$(there "readlink $base/current || true")
release=''
read -r -a wanted <<< "$RELEASES"
for each in "\${wanted[@]}"; do
  if ! [[ "$each" =~ ^[0-9]{1,20}-[0-9]{1,6}$ ]]; then fail "'$each' is no release: write the number of its run and the attempt, such as 123-1."; fi
  release=$(there "ls -1d $base/releases/$COMMIT*-$AETHERSTACK_RENDERING-$each 2> /dev/null | head -n 1")
  if [ -n "$release" ]; then break; fi
done
if [ -z "$release" ]; then
  echo "::notice::That release of $COMMIT as $AETHERSTACK_RENDERING is not kept there any more, so it is built."
  exit 0
fi
there "touch $release"`;

/** Half a release has no name yet. The archive brings the time of its own folder along. */
const TAKE = `before=$(there "readlink $base/current || true")
if [ "$KEPT" = true ]; then
  release=$(there "ls -1dt $base/releases/$COMMIT*-$AETHERSTACK_RENDERING-* 2> /dev/null | head -n 1")
  if [ -z "$release" ]; then fail "No release of $COMMIT as $AETHERSTACK_RENDERING is kept there any more. Deploy it without 'kept': it is built then."; fi
  there "touch $release"
else
  release="$base/releases/$COMMIT-$AETHERSTACK_RENDERING-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT"
  there "umask 022 && rm -rf $base/arriving && mkdir -p $base/releases $base/arriving/$part"
  there "umask 022 && tar -xzf - -C $base/arriving/$part && touch $base/arriving && mv -T $base/arriving $release" < build.tar.gz
fi`;

/**
 * The live one is kept whatever its age; one that was not well is nothing to go back to. A first one is not served on: its
 * unit would start it for ever, and the restart ends that by the unit's condition.
 */
const SERVE = `if ! { switch "$release" && well; }; then
  if [ -z "$before" ]; then
    gone="rm -f $base/current && if [ $part = server ]; then sudo -n systemctl restart $unit; fi"
    there "$gone" || fail 'The build is not well, and ending it failed too. Look at the machine.'
    fail 'The build is not well, and there is no earlier one to go back to: nothing is served.'
  fi
  if ! switch "$before"; then fail "The build is not well, and going back to $before failed too. Look at the machine."; fi
  if [ "$KEPT" != true ]; then there "rm -rf $release"; fi
  fail "The build is not well; $before is served again."
fi
there "ls -1dt $base/releases/* | grep -vxF \\"\\$(readlink $base/current)\\" | tail -n +5 | xargs -r rm -rf"`;

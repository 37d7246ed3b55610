import { type Job, script, uses } from './workflow';

/** Where it goes, and how it is rendered: an expression. */
type Onto = Pick<Job, 'minutes' | 'permissions' | 'environment' | 'url'> & { rendering: string };

/**
 * A folder for each run, then one rename: visitors see the old one or the new one, never half of each. One that is not well
 * (its unit ends, its address does not answer) makes way for the one before. The archive brings the time of its own folder
 * along, and the live one is kept whatever its age.
 */
export function sshJob(name: string, { rendering, ...onto }: Onto): Job {
  return {
    id: 'deploy',
    name: 'Deploy',
    needs: 'build',
    ...onto,
    permissions: {},
    steps: [
      uses('Fetch the build', 'actions/download-artifact', { name: 'build' }),
      script('Put it live', putLive(name), {
        AETHERSTACK_RENDERING: rendering,
        KEY: '${{ secrets.SSH_KEY }}',
        KNOWN_HOSTS: '${{ vars.SSH_KNOWN_HOSTS }}',
        PUBLIC_URL: "${{ vars.PUBLIC_URL || '' }}",
        SSH_HOST: '${{ vars.SSH_HOST }}',
        SSH_USER: '${{ vars.SSH_USER }}',
      }),
    ],
  };
}

function putLive(name: string): string {
  return `install -m 700 -d ~/.ssh
install -m 600 /dev/null ~/.ssh/key
printf '%s\\n' "$KEY" > ~/.ssh/key
printf '%s\\n' "$KNOWN_HOSTS" > ~/.ssh/known_hosts
restart=true
if [ "$AETHERSTACK_RENDERING" = ssr ]; then restart='sudo systemctl restart ${name}'; fi
base="/srv/${name}"
release="$base/releases/$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT"
# shellcheck disable=SC2029 # these paths are ours, and are meant to be known on both sides
there() { ssh -i ~/.ssh/key "$SSH_USER@$SSH_HOST" "$1"; }
switch() { there "ln -sfn $1 $base/next && mv -T $base/next $base/current && $restart"; }
well() {
  if [ "$AETHERSTACK_RENDERING" = ssr ]; then
    there 'sleep 5 && systemctl is-active --quiet ${name}' || return 1
  fi
  if [ -n "$PUBLIC_URL" ]; then
    curl --silent --show-error --fail --output /dev/null --max-time 10 --retry 8 --retry-delay 3 --retry-all-errors "$PUBLIC_URL" || return 1
  fi
}
before=$(there "readlink $base/current || true")
there "mkdir -p $release && tar -xzf - -C $release && touch $release" < build.tar.gz
if ! { switch "$release" && well; }; then
  if [ -z "$before" ]; then echo '::error::The build is not well, and there is no earlier one to go back to.'; exit 1; fi
  if ! switch "$before"; then echo "::error::The build is not well, and going back to $before failed too. Look at the machine."; exit 1; fi
  echo "::error::The build is not well; $before is served again."
  exit 1
fi
there "ls -1dt $base/releases/* | grep -vxF \\"\\$(readlink $base/current)\\" | tail -n +5 | xargs -r rm -rf"`;
}

import type { BackendSettings } from '../settings';
import { script } from '../workflow';

/**
 * Heroku's registry takes images of Docker's own schema only, without index and attestations, so the digest is built
 * upon once more for it. What runs before a release is the command of an image of its own, of the type `release`.
 */
export function herokuRollOut({ migrate }: BackendSettings): string {
  const types = migrate ? ['web', 'release'] : ['web'];
  const release = migrate
    ? `\nprintf 'FROM %s\\nCMD ["sh", "-c", "exec ${migrate}"]\\n' "$IMAGE_REF" | push release`
    : '';
  const args = types.map((type) => `--arg ${type} "$(image ${type})"`).join(' ');
  const updates = types.map((type) => `{type: "${type}", docker_image: $${type}}`).join(', ');
  return script(
    'Roll out',
    `push() {
  docker buildx build --platform linux/amd64 --provenance=false --sbom=false --metadata-file "$RUNNER_TEMP/$1.json" \\
    --output "type=image,name=registry.heroku.com/$APP/$1,push=true,oci-mediatypes=false" -
}
image() { jq --exit-status --raw-output '."containerimage.config.digest"' "$RUNNER_TEMP/$1.json"; }
heroku() {
  curl --fail-with-body --silent --show-error "$@" \\
    --config <(printf 'header = "Authorization: Bearer %s"\\n' "$HEROKU_API_KEY") \\
    --header 'Accept: application/vnd.heroku+json; version=3.docker-releases'
}
printf '%s' "$HEROKU_API_KEY" | docker login --username=_ --password-stdin registry.heroku.com
printf 'FROM %s\\n' "$IMAGE_REF" | push web${release}
jq --null-input ${args} \\
  '{updates: [${updates}]}' > updates.json
heroku --request PATCH "https://api.heroku.com/apps/$APP/formation" \\
  --header 'Content-Type: application/json' --data @updates.json > /dev/null
for _ in $(seq 120); do
  status="$(heroku "https://api.heroku.com/apps/$APP/releases" \\
    --header 'Range: version ..; max=1, order=desc' | jq --raw-output '.[0].status')"
  case "$status" in
    succeeded) exit 0 ;;
    failed) echo '::error::The release failed, so the version before it stays: heroku releases:output says why.'; exit 1 ;;
  esac
  sleep 5
done
echo '::error::The release has not ended after ten minutes: heroku releases says how it stands.'
exit 1`,
    { HEROKU_API_KEY: '${{ secrets.HEROKU_API_KEY }}' },
  );
}

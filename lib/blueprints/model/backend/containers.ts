/**
 * Where traffic is pinned to a revision, as a roll-back there does, a deployed one would serve nobody.
 * Source: https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration
 */
export const cloudRun = (
  region: string,
  port: number,
): string => `gcloud run deploy "$SERVICE" --image "$IMAGE_REF" --port ${port} --region ${region} --quiet
gcloud run services update-traffic "$SERVICE" --to-latest --region ${region} --quiet`;

/**
 * The update ends before its revision has started, and until then, or for ever, the one before goes on serving.
 * Source: https://learn.microsoft.com/azure/container-apps/revisions
 */
export const CONTAINER_APP = `az containerapp update --resource-group "$GROUP" --name "$APP" --image "$IMAGE_REF" --output none
show() { az containerapp show --resource-group "$GROUP" --name "$APP" --query "$1" --output tsv; }
latest="$(show properties.latestRevisionName)"
ready=''
for _ in $(seq 60); do
  ready="$(show properties.latestReadyRevisionName)"
  if [ "$ready" = "$latest" ]; then break; fi
  sleep 5
done
if [ "$ready" != "$latest" ]; then
  echo "::error::$latest did not become ready within five minutes; $ready goes on serving. Its log says why."
  exit 1
fi
if [ "$(show properties.configuration.activeRevisionsMode)" = Multiple ] && [ -n "$(show properties.configuration.ingress.fqdn)" ]; then
  az containerapp ingress traffic set --resource-group "$GROUP" --name "$APP" --revision-weight latest=100 --output none
fi`;

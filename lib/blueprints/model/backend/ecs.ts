import { script } from '../workflow';

/**
 * A service whose roll-out failed is stable too, on what it was put back to; so what it runs afterwards is compared.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export const ecsRollOut = (name: string): string =>
  script('Roll out', rollOut(name), {
    ECS_CONTAINER: "${{ vars.ECS_CONTAINER || '' }}",
  });

const rollOut = (
  name: string,
): string => `current="$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" \\
  --query 'services[0].taskDefinition' --output text)"
aws ecs describe-task-definition --task-definition "$current" --include TAGS > current.json
container="$(jq --raw-output --arg wanted "$ECS_CONTAINER" '[.taskDefinition.containerDefinitions[].name]
  | if $wanted != "" then map(select(. == $wanted)) elif length > 1 then map(select(. == "${name}")) else . end
  | .[0] // empty' current.json)"
if [ -z "$container" ]; then
  echo '::error::Say which container of the task definition gets the image: set the variable ECS_CONTAINER to its name.'
  exit 1
fi
jq --arg image "$IMAGE_REF" --arg name "$container" '(.tags // []) as $tags | .taskDefinition
  | (.containerDefinitions[] | select(.name == $name)).image = $image
  | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities,
        .registeredAt, .registeredBy, .deregisteredAt)
  | if $tags == [] then . else .tags = $tags end' current.json > next.json
next="$(aws ecs register-task-definition --cli-input-json file://next.json \\
  --query 'taskDefinition.taskDefinitionArn' --output text)"
aws ecs update-service --cluster "$CLUSTER" --service "$SERVICE" --task-definition "$next" > /dev/null
aws ecs wait services-stable --cluster "$CLUSTER" --services "$SERVICE"
serves="$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" \\
  --query "services[0].deployments[?status=='PRIMARY'].taskDefinition | [0]" --output text)"
if [ "$serves" != "$next" ]; then
  echo "::error::The service runs $serves and not $next: it was rolled back. Its events say why."
  exit 1
fi`;

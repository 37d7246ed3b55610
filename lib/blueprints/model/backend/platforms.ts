import { NPM_TOOLS } from '../action-pins';
import type { Need } from '../blueprint';
import type { BackendSettings } from '../settings';
import { CHECKOUT, COMMIT, script, uses } from '../workflow';
import { AWS_LOGIN, AWS_NEEDS, GOOGLE_LOGIN, GOOGLE_NEEDS } from './registries';

type Platform = BackendSettings['platform'];
type Used = Exclude<Platform, { type: 'none' }>;

/** How the deploy job gets a version onto a platform. Steps find the image in `$IMAGE_REF`. */
export interface PlatformSteps {
  permissions: Readonly<Record<string, 'read' | 'write'>>;
  env: Readonly<Record<string, string>>;
  steps: readonly string[];
  needs: readonly Need[];
}

const OIDC = { 'id-token': 'write' } as const;
const variable = (name: string, why: string): Need => ({ name, kind: 'variable', why });
const secret = (name: string, why: string): Need => ({ name, kind: 'secret', why });
const AZURE_LOGIN = uses('Sign in to Azure by OIDC', 'azure/login', {
  'client-id': '${{ vars.AZURE_CLIENT_ID }}',
  'tenant-id': '${{ vars.AZURE_TENANT_ID }}',
  'subscription-id': '${{ vars.AZURE_SUBSCRIPTION_ID }}',
});
const AZURE_NEEDS = [
  variable(
    'AZURE_CLIENT_ID',
    'The application with a federated credential for this repository: Entra → App registrations.',
  ),
  variable('AZURE_TENANT_ID', 'The directory of that application.'),
  variable('AZURE_SUBSCRIPTION_ID', 'The subscription that holds what is deployed to.'),
  variable('AZURE_RESOURCE_GROUP', 'The resource group in it.'),
];

/** Null when nothing is deployed: the image alone is the result. */
export function platformSteps(settings: BackendSettings): PlatformSteps | null {
  const { platform } = settings;
  return platform.type === 'none' ? null : STEPS[platform.type](platform as never, settings);
}

const STEPS: {
  [T in Used['type']]: (platform: Extract<Used, { type: T }>, settings: BackendSettings) => PlatformSteps;
} = {
  kubernetes: ({ cluster, region }, settings) => {
    const access = CLUSTERS[cluster](region);
    return {
      permissions: OIDC,
      env: { NAMESPACE: `\${{ vars.KUBERNETES_NAMESPACE || '${settings.name}' }}` },
      steps: [CHECKOUT, ...access.steps, rollOut(settings)],
      needs: [
        ...access.needs,
        variable('KUBERNETES_CLUSTER', 'The name of the cluster.'),
        variable('KUBERNETES_NAMESPACE', `The namespace; “${settings.name}” when it is not set.`),
      ],
    };
  },
  ecs: ({ region }, { name }) => ({
    permissions: OIDC,
    env: { CLUSTER: '${{ vars.ECS_CLUSTER }}', SERVICE: `\${{ vars.ECS_SERVICE || '${name}' }}` },
    steps: [AWS_LOGIN(region), script('Roll out', ECS)],
    needs: [
      ...AWS_NEEDS,
      variable('ECS_CLUSTER', 'The cluster.'),
      variable('ECS_SERVICE', `The service; “${name}” when it is not set.`),
    ],
  }),
  'cloud-run': ({ region }, { name, port }) => ({
    permissions: OIDC,
    env: { SERVICE: `\${{ vars.CLOUD_RUN_SERVICE || '${name}' }}` },
    steps: [
      GOOGLE_LOGIN,
      uses('Set up gcloud', 'google-github-actions/setup-gcloud', { version: "'>= 500.0.0'" }),
      script('Roll out', `gcloud run deploy "$SERVICE" --image "$IMAGE_REF" --port ${port} --region ${region} --quiet`),
    ],
    needs: [...GOOGLE_NEEDS, variable('CLOUD_RUN_SERVICE', `The service; “${name}” when it is not set.`)],
  }),
  'container-apps': (_, { name }) => ({
    permissions: OIDC,
    env: { GROUP: '${{ vars.AZURE_RESOURCE_GROUP }}', APP: `\${{ vars.CONTAINER_APP || '${name}' }}` },
    steps: [
      AZURE_LOGIN,
      script('Roll out', 'az containerapp update --resource-group "$GROUP" --name "$APP" --image "$IMAGE_REF"'),
    ],
    needs: [...AZURE_NEEDS, variable('CONTAINER_APP', `The container app; “${name}” when it is not set.`)],
  }),
  heroku: () => ({
    permissions: {},
    env: { APP: '${{ vars.HEROKU_APP }}' },
    steps: [script('Roll out', HEROKU, { HEROKU_API_KEY: '${{ secrets.HEROKU_API_KEY }}' })],
    needs: [
      variable('HEROKU_APP', 'The name of the app.'),
      secret('HEROKU_API_KEY', 'An authorization that may deploy: heroku authorizations:create.'),
    ],
  }),
  'app-engine': (_, { directory }) => ({
    permissions: OIDC,
    env: {},
    steps: [
      CHECKOUT,
      COMMIT,
      GOOGLE_LOGIN,
      uses('Set up gcloud', 'google-github-actions/setup-gcloud', { version: "'>= 500.0.0'" }),
      script('Roll out', appEngine(directory)),
    ],
    needs: GOOGLE_NEEDS,
  }),
  vercel: (_, { directory, environments }) => ({
    permissions: {},
    env: { VERCEL_ORG_ID: '${{ vars.VERCEL_ORG_ID }}', VERCEL_PROJECT_ID: '${{ vars.VERCEL_PROJECT_ID }}' },
    steps: [
      CHECKOUT,
      script('Roll out', vercelDeploy(directory, environments), { VERCEL_TOKEN: '${{ secrets.VERCEL_TOKEN }}' }),
    ],
    needs: VERCEL_NEEDS,
  }),
};

export const VERCEL_NEEDS: readonly Need[] = [
  variable('VERCEL_ORG_ID', 'The team: in .vercel/project.json after “vercel link”.'),
  variable('VERCEL_PROJECT_ID', 'The project: in the same file.'),
  secret('VERCEL_TOKEN', 'A token of that team: Vercel → Account settings → Tokens.'),
];

/** Everything but the environment called production is a preview. */
export function vercelTarget(environments: readonly string[]): string {
  const production = environments.includes('production') ? 'production' : (environments.at(-1) ?? 'production');
  return `if [ "$ENVIRONMENT" = ${production} ]; then target=production; else target=preview; fi`;
}

function vercelDeploy(directory: string, environments: readonly string[]): string {
  return `${vercelTarget(environments)}
npx --yes ${NPM_TOOLS.vercel} deploy${directory ? ` --cwd ${directory}` : ''} --yes --target="$target" --token="$VERCEL_TOKEN"`;
}

const CLUSTERS = {
  eks: (region: string) => ({
    steps: [
      AWS_LOGIN(region),
      script('Reach the cluster', `aws eks update-kubeconfig --name "$CLUSTER" --region ${region}`, {
        CLUSTER: '${{ vars.KUBERNETES_CLUSTER }}',
      }),
    ],
    needs: AWS_NEEDS,
  }),
  gke: (region: string) => ({
    steps: [
      GOOGLE_LOGIN,
      uses('Reach the cluster', 'google-github-actions/get-gke-credentials', {
        cluster_name: '${{ vars.KUBERNETES_CLUSTER }}',
        location: region,
      }),
    ],
    needs: GOOGLE_NEEDS,
  }),
  aks: () => ({
    steps: [
      AZURE_LOGIN,
      uses('Reach the cluster', 'azure/aks-set-context', {
        'resource-group': '${{ vars.AZURE_RESOURCE_GROUP }}',
        'cluster-name': '${{ vars.KUBERNETES_CLUSTER }}',
      }),
    ],
    needs: AZURE_NEEDS,
  }),
} as const satisfies Record<string, (region: string) => { steps: string[]; needs: readonly Need[] }>;

function rollOut({ name, directory }: BackendSettings): string {
  return script(
    'Roll out',
    `mkdir release
cat > release/kustomization.yaml <<END
resources: [../${directory ? `${directory}/` : ''}kubernetes]
images:
  - name: ${name}
    newName: \${IMAGE_REF%@*}
    digest: \${IMAGE_REF#*@}
END
kubectl apply --namespace "$NAMESPACE" --kustomize release
kubectl rollout status deployment/${name} --namespace "$NAMESPACE" --timeout 10m`,
  );
}

const ECS = `current="$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" \\
  --query 'services[0].taskDefinition' --output text)"
aws ecs describe-task-definition --task-definition "$current" --query taskDefinition > current.json
jq --arg image "$IMAGE_REF" '.containerDefinitions[0].image = $image
  | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities,
        .registeredAt, .registeredBy, .deregisteredAt)' current.json > next.json
next="$(aws ecs register-task-definition --cli-input-json file://next.json \\
  --query 'taskDefinition.taskDefinitionArn' --output text)"
aws ecs update-service --cluster "$CLUSTER" --service "$SERVICE" --task-definition "$next" > /dev/null
aws ecs wait services-stable --cluster "$CLUSTER" --services "$SERVICE"`;

const HEROKU = `docker pull --quiet --platform linux/amd64 "$IMAGE_REF"
docker tag "$IMAGE_REF" "registry.heroku.com/$APP/web"
printf '%s' "$HEROKU_API_KEY" | docker login --username=_ --password-stdin registry.heroku.com
docker push "registry.heroku.com/$APP/web"
id="$(docker inspect --format '{{.Id}}' "$IMAGE_REF")"
jq --null-input --arg id "$id" '{updates: [{type: "web", docker_image: $id}]}' |
  curl --fail-with-body --silent --show-error --request PATCH "https://api.heroku.com/apps/$APP/formation" \\
    --header 'Accept: application/vnd.heroku+json; version=3.docker-releases' \\
    --header 'Content-Type: application/json' \\
    --header "Authorization: Bearer $HEROKU_API_KEY" --data @- > /dev/null`;

function appEngine(directory: string): string {
  return `version="r$(printf '%s' "$REVISION" | cut -c1-12)"
gcloud app deploy ${directory ? `${directory}/` : ''}app.yaml --version "$version" --no-promote --quiet
gcloud app services set-traffic default --splits "$version=1" --migrate --quiet`;
}

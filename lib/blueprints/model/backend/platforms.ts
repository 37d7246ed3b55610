import { NPM_TOOLS } from '../action-pins';
import { inside, type Need, ownVariable } from '../blueprint';
import { hostPlaceEnv, hostPlaceNeeds, hostPlaceSteps } from '../host-place';
import type { BackendSettings } from '../settings';
import { vercelAlias, vercelAliasEnv, vercelAliasNeed } from '../vercel-address';
import { CHECKOUT, COMMIT, SET_UP_BUILDX, script, uses } from '../workflow';
import { CONTAINER_APP, cloudRun } from './containers';
import { ecsRollOut } from './ecs';
import { herokuRollOut } from './heroku';
import { placeName, placeNeeds } from './own-place';
import { awsLogin, awsNeeds, googleLogin, googleNeeds } from './registries';

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
const maybe = (name: string, why: string, without: string): Need => ({ ...variable(name, why), without });
const secret = (name: string, why: string): Need => ({ name, kind: 'secret', why });
const AZURE_LOGIN = uses('Sign in to Azure by OIDC', 'azure/login', {
  'client-id': '${{ vars.AZURE_CLIENT_ID }}',
  'tenant-id': '${{ vars.AZURE_TENANT_ID }}',
  'subscription-id': '${{ vars.AZURE_SUBSCRIPTION_ID }}',
});
const AZURE_NEEDS: readonly Need[] = [
  {
    ...variable('AZURE_CLIENT_ID', 'The application with a federated credential: Entra → App registrations.'),
    trust: 'deploy',
  },
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
    const access = CLUSTERS[cluster](region, settings);
    return {
      permissions: OIDC,
      env: { NAMESPACE: placeName(settings) },
      steps: [CHECKOUT, ...access.steps, rollOut(settings)],
      needs: [...access.needs, variable('KUBERNETES_CLUSTER', 'The name of the cluster.'), ...placeNeeds(settings)],
    };
  },
  ecs: ({ region }, settings) => ({
    permissions: OIDC,
    env: { CLUSTER: '${{ vars.ECS_CLUSTER }}', SERVICE: placeName(settings) },
    steps: [awsLogin(region, 'DEPLOY'), ecsRollOut(settings.name)],
    needs: [
      ...awsNeeds('DEPLOY'),
      variable('ECS_CLUSTER', 'The cluster. With tags on the task definition the role needs ecs:TagResource as well.'),
      ...placeNeeds(settings),
      maybe('ECS_CONTAINER', 'The container that gets the image.', `the only one gets it, or “${settings.name}”.`),
    ],
  }),
  'cloud-run': ({ region }, settings) => ({
    permissions: OIDC,
    env: { SERVICE: placeName(settings) },
    steps: [
      googleLogin('DEPLOY'),
      uses('Set up gcloud', 'google-github-actions/setup-gcloud', { version: "'>= 500.0.0'" }),
      script('Roll out', cloudRun(region, settings.port)),
    ],
    needs: [...googleNeeds(settings, 'DEPLOY'), ...placeNeeds(settings)],
  }),
  'container-apps': (_, settings) => ({
    permissions: OIDC,
    env: { GROUP: '${{ vars.AZURE_RESOURCE_GROUP }}', APP: placeName(settings) },
    steps: [AZURE_LOGIN, script('Roll out', CONTAINER_APP)],
    needs: [...AZURE_NEEDS, ...placeNeeds(settings)],
  }),
  heroku: (_, settings) => ({
    permissions: {},
    env: { APP: placeName(settings) },
    steps: [SET_UP_BUILDX, herokuRollOut(settings)],
    needs: [
      ...placeNeeds(settings),
      secret('HEROKU_API_KEY', 'An authorization that may deploy: heroku authorizations:create.'),
    ],
  }),
  'app-engine': (_, settings) => ({
    permissions: OIDC,
    env: { SERVICE: placeName(settings) },
    steps: [
      CHECKOUT,
      COMMIT,
      googleLogin('DEPLOY'),
      uses('Set up gcloud', 'google-github-actions/setup-gcloud', { version: "'>= 500.0.0'" }),
      script('Roll out', appEngine(settings)),
    ],
    needs: [...googleNeeds(settings, 'DEPLOY'), ...placeNeeds(settings)],
  }),
  vercel: (_, settings) => ({
    permissions: {},
    env: { VERCEL_ORG_ID: '${{ vars.VERCEL_ORG_ID }}', ...hostPlaceEnv(settings) },
    steps: [
      CHECKOUT,
      ...hostPlaceSteps(settings),
      script('Roll out', vercelDeploy(settings), {
        ...vercelAliasEnv(settings),
        VERCEL_TOKEN: '${{ secrets.VERCEL_TOKEN }}',
      }),
    ],
    needs: vercelNeeds(settings),
  }),
};

export function vercelNeeds(settings: Parameters<typeof hostPlaceNeeds>[0]): Need[] {
  return [
    variable('VERCEL_ORG_ID', 'The team: in .vercel/project.json after “vercel link”.'),
    ...hostPlaceNeeds(settings),
    vercelAliasNeed(settings),
    secret('VERCEL_TOKEN', 'A token of that team: Vercel → Account settings → Tokens.'),
  ];
}

/** Everything but the environment that the settings call production is a preview. */
export function vercelTarget(production: string | null): string {
  if (production === null) return 'target=preview';
  return `if [ "$ENVIRONMENT" = '${production}' ]; then target=production; else target=preview; fi`;
}

function vercelDeploy({ directory, production }: BackendSettings): string {
  return `${vercelTarget(production)}
deployed=$(npx --yes ${NPM_TOOLS.vercel} deploy${directory ? ` --cwd ${directory}` : ''} --yes --target="$target")
echo "$deployed"
${vercelAlias()}`;
}

const CLUSTERS = {
  eks: (region: string) => ({
    steps: [
      awsLogin(region, 'DEPLOY'),
      script('Reach the cluster', `aws eks update-kubeconfig --name "$CLUSTER" --region ${region}`, {
        CLUSTER: '${{ vars.KUBERNETES_CLUSTER }}',
      }),
    ],
    needs: awsNeeds('DEPLOY'),
  }),
  gke: (region: string, settings: BackendSettings) => ({
    steps: [
      googleLogin('DEPLOY'),
      uses('Reach the cluster', 'google-github-actions/get-gke-credentials', {
        cluster_name: '${{ vars.KUBERNETES_CLUSTER }}',
        location: region,
      }),
    ],
    needs: googleNeeds(settings, 'DEPLOY'),
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
} as const satisfies Record<
  string,
  (region: string, settings: BackendSettings) => { steps: string[]; needs: readonly Need[] }
>;

function rollOut({ name, directory }: BackendSettings): string {
  return script(
    'Roll out',
    `mkdir .aetherstack-release
cat > .aetherstack-release/kustomization.yaml <<END
resources: ['../${directory ? `${directory}/` : ''}kubernetes']
images:
  - name: '${name}'
    newName: \${IMAGE_REF%@*}
    digest: \${IMAGE_REF#*@}
END
kubectl apply --namespace "$NAMESPACE" --kustomize .aetherstack-release
kubectl rollout status deployment/${name} --namespace "$NAMESPACE" --timeout 10m`,
  );
}

/** Which service it is stands in its file alone; one that says another was written by somebody who means that one. */
function appEngine(settings: BackendSettings): string {
  const file = inside(settings, 'app.yaml');
  return `if ! [[ "$SERVICE" =~ ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ ]]; then
  echo "::error::No service can be called '$SERVICE': use lower-case letters, digits and dashes in ${ownVariable('APP_ENGINE_SERVICE', settings)}."
  exit 1
fi
said="$(sed --quiet --regexp-extended 's/^(service|module):[[:space:]]*([^[:space:]#]+).*/\\2/p' ${file} | tr --delete "'\\"")"
if [ -n "$said" ] && [ "$said" != "$SERVICE" ]; then
  echo "::error::${file} says service $said, and this is the one called $SERVICE. Take that line out: it is written here."
  exit 1
fi
if [ -z "$said" ]; then printf '\\nservice: %s\\n' "$SERVICE" >> ${file}; fi
version="r$(printf '%s' "$REVISION" | cut -c1-12)"
gcloud app deploy ${file} --version "$version" --no-promote --quiet
gcloud app services set-traffic "$SERVICE" --splits "$version=1" --migrate --quiet`;
}

/**
 * The actions that our workflows use, each by the commit that its release tag pointed to when it was looked up
 * (2026-11-26). A tag can be moved; a commit cannot.
 */
const PINS = {
  'actions/attest': ['1e69f48acb82d1966a394da916b4c1698aa569d6', 'v4.2.2'],
  'actions/checkout': ['3d3c42e5aac5ba805825da76410c181273ba90b1', 'v7.0.1'],
  'actions/deploy-pages': ['cd2ce8fcbc39b97be8ca5fce6e763baed58fa128', 'v5.0.0'],
  'actions/download-artifact': ['3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c', 'v8.0.1'],
  'actions/setup-node': ['820762786026740c76f36085b0efc47a31fe5020', 'v7.0.0'],
  'actions/setup-python': ['5fda3b95a4ea91299a34e894583c3862153e4b97', 'v7.0.0'],
  'actions/upload-artifact': ['bbbca2ddaa5d8feaa63e36b76fdaad77386f024f', 'v7.0.0'],
  'actions/upload-pages-artifact': ['fc324d3547104276b827a68afc52ff2a11cc49c9', 'v5.0.0'],
  'aws-actions/amazon-ecr-login': ['03f1aad4c6c7ffd436567f42f9384779290529bd', 'v2.1.7'],
  'aws-actions/configure-aws-credentials': ['e6de054238d6b7531b4efff3b6587d9aade6a06c', 'v6.2.3'],
  'azure/aks-set-context': ['60623acbdcbbdcf799ad50a1adf8703874339f8b', 'v5.0.0'],
  'azure/login': ['f5d393ae46f8fde4be8b75f32e3fc50e654ad0ca', 'v3.0.1'],
  'docker/build-push-action': ['53b7df96c91f9c12dcc8a07bcb9ccacbed38856a', 'v7.3.0'],
  'docker/login-action': ['4907a6ddec9925e35a0a9e82d7399ccc52663121', 'v4.1.0'],
  'docker/setup-buildx-action': ['37fe631027851001ddb9b187196cc803df7f5f0e', 'v4.3.0'],
  'docker/setup-qemu-action': ['96fe6ef7f33517b61c61be40b68a1882f3264fb8', 'v4.2.0'],
  'google-github-actions/auth': ['7c6bc770dae815cd3e89ee6cdf493a5fab2cc093', 'v3.0.0'],
  'google-github-actions/get-gke-credentials': ['3da1e46a907576cefaa90c484278bb5b259dd395', 'v3.0.0'],
  'google-github-actions/setup-gcloud': ['aa5489c8933f4cc7a4f7d45035b3b1440c9c10db', 'v3.0.1'],
} as const satisfies Record<string, readonly [commit: string, version: string]>;

export type ActionName = keyof typeof PINS;

/** What stands after `uses:`: commit, and the version as a comment for people and for update tools. */
export function pinned(action: ActionName): string {
  const [commit, version] = PINS[action];
  return `${action}@${commit} # ${version}`;
}

/** Command-line tools that a workflow runs from npm: exact, so that a run of last month can be repeated. */
export const NPM_TOOLS = {
  vsce: '@vscode/vsce@4.1.0',
  ovsx: 'ovsx@1.3.0',
  vercel: 'vercel@59.25.4',
  netlify: 'netlify-cli@27.10.2',
} as const;

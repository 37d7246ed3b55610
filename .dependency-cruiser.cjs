// The arrows of docs/architecture.md. Every rule is an error; there is no baseline of tolerated sins.
const server =
  '^lib/(components|environments|targets|connections|releases|gates|deployments|sightings|members|audit|tokens|notifications|blueprints|doctor|docs-sites|observability|configuration|public-status|status|rendering|extensions|gallery|publications)/server/';
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(lib|components)/', pathNot: '\\.(test|d)\\.tsx?$|/migrations/|/repository/' },
      to: {},
    },
    {
      name: 'app-not-to-internals',
      severity: 'error',
      comment: 'Routes call verbs; they never reach the database, a provider or raw HTTP.',
      from: { path: '^app/' },
      to: { path: '^lib/(db|http|sandbox|providers/[^/]+/)' },
    },
    {
      name: 'app-server-through-index',
      severity: 'error',
      comment: 'A domain is entered by its index.',
      from: { path: '^app/' },
      to: { path: server, pathNot: '/server/index\\.ts$' },
    },
    {
      name: 'components-stay-in-browser',
      severity: 'error',
      comment: 'Actions and data arrive as props.',
      from: { path: '^components/' },
      to: {
        path: '^(app/|lib/)',
        pathNot: '^lib/([^/]+/model/|kernel/|providers/(catalog\\.generated|port)\\.ts|realtime/protocol\\.ts)',
      },
    },
    {
      name: 'ui-has-no-domain',
      severity: 'error',
      from: { path: '^components/ui/' },
      to: { path: '^(components/(?!ui/)|lib/(?!kernel/)|app/)' },
    },
    {
      name: 'model-is-pure',
      severity: 'error',
      from: { path: '^lib/[^/]+/model/' },
      to: {
        path: '^(lib/|app/|components/)',
        pathNot: '^lib/([^/]+/model/|kernel/|providers/(catalog\\.generated|port)\\.ts)',
      },
    },
    {
      name: 'domain-server-no-framework',
      severity: 'error',
      from: { path: server, pathNot: '\\.test\\.ts$' },
      to: {
        path: '(^app/|^components/|^lib/(sandbox|pipeline|runtime|webhooks|providers/[^/]+/)|node_modules/(next|react|react-dom|next-auth)/)',
      },
    },
    {
      name: 'provider-stays-home',
      severity: 'error',
      comment: 'A provider folder knows the port, http and the kernel.',
      from: { path: '^lib/providers/([^/]+)/', pathNot: '\\.test\\.ts$|^lib/providers/conformance/' },
      to: { path: '^(lib/|app/|components/)', pathNot: '^lib/(providers/$1/|providers/port\\.ts|http/|kernel/)' },
    },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      from: { path: '^lib/kernel/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(lib/(?!kernel/)|app/|components/)' },
    },
    {
      name: 'sandbox-only-from-root',
      severity: 'error',
      from: { path: '^(lib|app|components)/', pathNot: '^lib/(sandbox/|runtime\\.ts)|\\.test\\.tsx?$' },
      to: { path: '^lib/sandbox/' },
    },
    {
      name: 'sandbox-imports',
      severity: 'error',
      from: { path: '^lib/sandbox/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(lib/|app/|components/)',
        pathNot: '^lib/(sandbox/|providers/[^/]+/simulator|providers/port\\.ts|kernel/)',
      },
    },
    {
      name: 'cli-speaks-http',
      severity: 'error',
      from: { path: '^lib/cli/', pathNot: '\\.test\\.ts$' },
      to: { path: '^lib/', pathNot: '^lib/(cli/|[^/]+/model/|kernel/)' },
    },
    {
      name: 'no-tests-in-product',
      severity: 'error',
      from: { pathNot: '(\\.test\\.tsx?$|^e2e/|^scripts/|/testing/)' },
      to: { path: '(\\.test\\.tsx?$|/testing/|^e2e/)' },
    },
    {
      name: 'no-drawers',
      severity: 'error',
      comment: 'Name the thing, not the drawer.',
      from: {},
      to: { path: '(^|/)(utils|helpers|common|manager)(/|[.])', pathNot: 'node_modules' },
    },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      from: { path: '^(app|components|lib)/', pathNot: '(\\.test\\.tsx?$|/testing/|/conformance/|^lib/sandbox/)' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'openapi-types' },
    },
  ],
  options: {
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(\\.next|node_modules/\\.cache)|^lib/sandbox/repository/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};

import type { App } from './app';
import { answerOf, scopeOf } from './constant';
import type { ModuleFacts } from './facts';
import { blocker, type Draft, dynamicOf, factsOf, has, listsParams, plain, setting } from './judge-terms';
import type { RouteFile } from './routes';

/** What a page or a layout says of itself that needs a server. */
export function pageFindings(route: RouteFile, app: App): Draft[] {
  const facts = factsOf(route.file, app);
  if (route.router === 'pages') return pagesRouterFindings(route, facts);
  const where = route.file;
  const found = settingFindings(route, facts);
  if (route.intercepting)
    found.push(
      blocker(
        'intercepting_routes',
        { where, line: 1 },
        `It takes the place of another route while somebody moves about in the app (${route.path}), which needs a server.`,
        'Show it in a dialog that the page itself opens.',
      ),
    );
  if (route.role !== 'page') return found;
  if (route.dynamic.length > 0 && !listsParams(route, app)) found.push(missingParams(route));
  const searched = facts?.client ? null : searchParamsOf(facts);
  if (searched !== null && dynamicOf(route, app) !== 'force-static')
    found.push(
      blocker(
        'search_params',
        { where, line: searched },
        `The page ${route.path} reads searchParams on the server, which are known only when somebody asks.`,
        'Read them in the browser: useSearchParams() in a client component within <Suspense>.',
      ),
    );
  return found;
}

/** `dynamic`, `dynamicParams` and `revalidate`. */
export function settingFindings(route: RouteFile, facts: ModuleFacts | null): Draft[] {
  const where = route.file;
  const found: Draft[] = [];
  const dynamic = setting(facts, 'dynamic');
  if (dynamic?.value === 'force-dynamic')
    found.push(
      blocker(
        'force_dynamic',
        { where, line: dynamic.line },
        `dynamic is “force-dynamic”, so ${route.path} and what lies below it is made for each request.`,
        'Take it away, or use an ending that pageExtensions leaves out when the mode is ssg.',
      ),
    );
  const params = setting(facts, 'dynamicParams');
  if (params?.value === true)
    found.push(
      blocker(
        'dynamic_params',
        { where, line: params.line },
        'dynamicParams is true: pages that nobody listed would be made when they are asked for.',
        'Take it away; generateStaticParams then lists all there are.',
      ),
    );
  const revalidate = setting(facts, 'revalidate');
  if (typeof revalidate?.value === 'number')
    found.push(
      blocker(
        'isr',
        { where, line: revalidate.line },
        `revalidate is ${revalidate.value}: ${route.path} is made anew from time to time, and files are made once.`,
        'Set revalidate to false and deploy when the data changes, or fetch it in the browser.',
      ),
    );
  return found;
}

export function missingParams({ file, path, dynamic }: RouteFile): Draft {
  return blocker(
    'no_static_params',
    { where: file, line: 1 },
    `${path} has ${dynamic.join(', ')} and no generateStaticParams, so nobody knows which pages there are.`,
    'Export generateStaticParams that lists them, from the page or from a layout around it.',
  );
}

/** Of the page itself and of what describes it. */
function searchParamsOf(facts: ModuleFacts | null): number | null {
  for (const name of ['default', 'generateMetadata', 'generateViewport']) {
    const to = facts?.exports.get(name);
    const piece = to && 'local' in to ? facts?.pieces.get(to.local) : undefined;
    const line = piece?.firstParam.taken.get('searchParams');
    if (line !== undefined) return line;
  }
  return null;
}

function pagesRouterFindings({ file: where, path }: RouteFile, facts: ModuleFacts | null): Draft[] {
  const found: Draft[] = [];
  if (has(facts, 'getServerSideProps'))
    found.push(
      blocker(
        'server_side_props',
        { where, line: facts?.lines.get('getServerSideProps') ?? 1 },
        `getServerSideProps makes ${path} for each request.`,
        'Use getStaticProps, or fetch in the browser.',
      ),
    );
  const line = facts?.lines.get('getStaticPaths') ?? 1;
  const fallback = plain(answered(facts, 'getStaticPaths', 'fallback'));
  if (fallback === true || fallback === 'blocking')
    found.push(
      blocker(
        'dynamic_params',
        { where, line },
        `getStaticPaths has fallback “${fallback}”: pages that nobody listed would be made when they are asked for.`,
        'Set fallback to false and list them all.',
      ),
    );
  const revalidate = plain(answered(facts, 'getStaticProps', 'revalidate'));
  if (revalidate)
    found.push(
      blocker(
        'isr',
        { where, line: facts?.lines.get('getStaticProps') ?? 1 },
        `getStaticProps answers revalidate ${revalidate}: files are made once.`,
        'Take it away and deploy when the data changes.',
      ),
    );
  return found;
}

function answered(facts: ModuleFacts | null, name: string, field: string) {
  const found = facts?.values.get(name)?.value;
  const answer = found?.kind === 'function' ? answerOf(found.node, scopeOf(new Map(), {})) : undefined;
  return answer?.kind === 'object' ? answer.fields[field]?.value : undefined;
}

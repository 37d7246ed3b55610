import type { App } from './app';
import type { ModuleFacts } from './facts';
import { missingParams, settingFindings } from './judge-pages';
import { blocker, type Draft, factsOf, has, listsParams, setting } from './judge-terms';
import type { RouteFile } from './routes';

/** What answers for other methods than GET and HEAD. */
const CHANGING = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Route handlers, API routes, and files such as sitemap.ts that a program makes. */
export function handlerFindings(route: RouteFile, app: App): Draft[] {
  const { file: where, path, router } = route;
  if (router === 'pages')
    return [
      blocker(
        'handlers',
        { where, line: 1 },
        `The API route ${path} answers each request with a program.`,
        'Let another server answer it, and call that from the browser.',
      ),
    ];
  const facts = factsOf(where, app);
  if (!facts) return [];
  const found = [...settingFindings(route, facts), ...changing(route, facts), ...readsRequest(route, facts)];
  if (route.dynamic.length > 0 && !listsParams(route, app)) found.push(missingParams(route));
  const answers = route.role === 'metadata' || has(facts, 'GET');
  const settled = found.some(({ code }) => code === 'force_dynamic' || code === 'isr');
  if (answers && !settled && !isMadeOnce(facts))
    found.push(
      blocker(
        'handlers',
        { where, line: facts.lines.get('GET') ?? facts.lines.get('default') ?? 1 },
        `${path} is made for each request unless it says otherwise.`,
        "Export `dynamic = 'force-static'`, so that the build makes a file of it.",
      ),
    );
  return found;
}

function isMadeOnce(facts: ModuleFacts): boolean {
  const dynamic = setting(facts, 'dynamic')?.value;
  return (
    dynamic === 'force-static' ||
    dynamic === 'error' ||
    setting(facts, 'revalidate')?.value === false ||
    has(facts, 'generateStaticParams')
  );
}

function changing({ file: where, path }: RouteFile, facts: ModuleFacts): Draft[] {
  const methods = CHANGING.filter((method) => has(facts, method));
  const [first] = methods;
  if (first === undefined) return [];
  return [
    blocker(
      'handlers',
      { where, line: facts.lines.get(first) ?? 1 },
      `${path} answers ${methods.join(', ')}, and a file answers GET only.`,
      'Let another server answer it, or use an ending that pageExtensions leaves out when the mode is ssg.',
    ),
  ];
}

function readsRequest({ file: where, path }: RouteFile, facts: ModuleFacts): Draft[] {
  const to = facts.exports.get('GET');
  const line = to && 'local' in to ? (facts.pieces.get(to.local)?.firstParam.used ?? null) : null;
  if (line === null) return [];
  return [
    blocker(
      'handler_reads_request',
      { where, line },
      `GET of ${path} reads the request, and a file is made before there is one.`,
      'Answer the same to everybody, and choose in the browser.',
    ),
  ];
}

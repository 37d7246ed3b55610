import type { App } from './app';
import { paramsOf } from './judge-pages';
import { paramFindings } from './judge-params';
import { settingFindings } from './judge-settings';
import { blocker, type Draft, exported, has, LOOK_YOURSELF, placeOf, setting, warning } from './judge-terms';
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
  const found = [
    ...settingFindings(route, app),
    ...changing(route, app),
    ...readsRequest(route, app),
    ...paramFindings(route, app),
  ];
  const answers = placeOf(exported(route, route.role === 'metadata' ? 'default' : 'GET', app));
  const settled = found.some(({ code }) => /^(force_dynamic|isr)/.test(code));
  if (answers && !settled && !isMadeOnce(route, app))
    found.push(
      blocker(
        'handlers',
        answers,
        `${path} is made for each request unless it says otherwise.`,
        "Export `dynamic = 'force-static'`, so that the build makes a file of it.",
      ),
    );
  return found;
}

function isMadeOnce(route: RouteFile, app: App): boolean {
  const dynamic = setting(route, 'dynamic', app)?.value;
  return (
    dynamic === 'force-static' ||
    dynamic === 'error' ||
    setting(route, 'revalidate', app)?.value === false ||
    has(route, 'generateStaticParams', app)
  );
}

function changing(route: RouteFile, app: App): Draft[] {
  const methods = CHANGING.filter((method) => has(route, method, app));
  const at = methods[0] === undefined ? null : placeOf(exported(route, methods[0], app));
  if (!at) return [];
  return [
    blocker(
      'handlers',
      at,
      `${route.path} answers ${methods.join(', ')}, and a file answers GET only.`,
      'Let another server answer it, or use an ending that pageExtensions leaves out when the mode is ssg.',
    ),
  ];
}

function readsRequest(route: RouteFile, app: App): Draft[] {
  const found = exported(route, 'GET', app);
  const at = placeOf(found);
  if (!at) return [];
  for (const { where, param } of paramsOf(found, app))
    if (param.used !== null)
      return [
        blocker(
          'handler_reads_request',
          { where, line: param.used },
          `GET of ${route.path} reads the request, and a file is made before there is one.`,
          'Answer the same to everybody, and choose in the browser.',
        ),
      ];
  if (found.is === 'here' && found.facts.pieces.get(found.local)?.param) return [];
  const sentence = `Whether GET of ${route.path} reads the request cannot be told: it is made by something that is not seen.`;
  return [warning('handler_reads_request_unknown', at, sentence, LOOK_YOURSELF)];
}

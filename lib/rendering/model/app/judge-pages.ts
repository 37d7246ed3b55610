import type { App } from './app';
import type { Export } from './exports';
import { pieceNamed } from './exports';
import { paramFindings } from './judge-params';
import { settingFindings } from './judge-settings';
import { blocker, type Draft, dynamicOf, exported, LOOK_YOURSELF, placeOf, warning } from './judge-terms';
import type { Param } from './param';
import type { RouteFile } from './routes';

/** What a page or a layout says of itself that needs a server. */
export function pageFindings(route: RouteFile, app: App): Draft[] {
  const found = settingFindings(route, app);
  if (route.intercepting)
    found.push(
      blocker(
        'intercepting_routes',
        { where: route.file, line: 1 },
        `It takes the place of another route while somebody moves about in the app (${route.path}), which needs a server.`,
        'Show it in a dialog that the page itself opens.',
      ),
    );
  if (route.role !== 'page') return found;
  const searched =
    dynamicOf(route, app) === 'force-static' ? [] : READERS.flatMap((name) => searchFindings(route, name, app));
  return [...found, ...paramFindings(route, app), ...searched];
}

/** The page itself, and what describes it. */
const READERS = ['default', 'generateMetadata', 'generateViewport'];

/** Whether it reads `searchParams`: of a client page, too, the HTML is made while it is built. */
function searchFindings({ path, file }: RouteFile, name: string, app: App): Draft[] {
  const found = exported({ file } as RouteFile, name, app);
  const at = placeOf(found);
  if (!at) return [];
  const params = paramsOf(found, app);
  for (const { where, param } of params) {
    const line = param.taken.get('searchParams');
    if (line !== undefined) return [readsSearch(path, { where, line })];
  }
  const [handed] = params.flatMap(({ where, param: { whole: line } }) => (line === null ? [] : [{ where, line }]));
  const isSeen = found.is === 'here' && found.facts.pieces.get(found.local)?.param;
  if (isSeen && !handed) return [];
  const sentence = handed
    ? `Everything that the page ${path} is given is handed on here, so whether it reads searchParams cannot be told.`
    : `Whether the page ${path} reads searchParams cannot be told: ${name} is made by something that is not seen.`;
  return [warning('search_params_unknown', handed ?? at, sentence, LOOK_YOURSELF)];
}

function readsSearch(path: string, at: { where: string; line: number }): Draft {
  return blocker(
    'search_params',
    at,
    `The page ${path} reads searchParams that it is given, which are known only when somebody asks.`,
    'Read them in the browser: useSearchParams() in a client component within <Suspense>.',
  );
}

/** Of a function, or of those that are handed to what makes it: `export default wrap(Page)`. */
export function paramsOf(found: Export, { modules }: App): { where: string; param: Param }[] {
  const piece = found.is === 'here' ? found.facts.pieces.get(found.local) : undefined;
  if (found.is !== 'here' || !piece) return [];
  if (piece.param) return [{ where: found.file, param: piece.param }];
  return piece.given.flatMap((name) => {
    const made = pieceNamed(found.file, name, modules);
    return made?.piece.param ? [{ where: made.file, param: made.piece.param }] : [];
  });
}

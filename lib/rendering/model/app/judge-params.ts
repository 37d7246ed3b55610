import type { App } from './app';
import { blocker, type Draft, exported, has, placeOf, warning } from './judge-terms';
import { folderOf } from './paths';
import { framesOf, type RouteFile } from './routes';

/** Whether somebody lists which pages there are of `/docs/[slug]`: Next asks the page, and layouts at the segment or below it. */
export function paramFindings(route: RouteFile, app: App): Draft[] {
  if (route.dynamic.length === 0) return [];
  const around = route.role === 'handler' ? [] : framesOf(route, app.frames);
  const listing = [route, ...around].filter((each) => has(each, 'generateStaticParams', app));
  const covered = new Set(listing.flatMap((each) => namesBy(each, route, app)));
  const missing = paramsIn(route.file).filter((each) => !covered.has(each));
  if (missing.length > 0) return [missingParams(route, missing)];
  return listing.flatMap((each) => emptyFindings(each, route, app));
}

/** `[slug]`, `[...path]` and `[[...path]]` of a file's folders. */
function paramsIn(file: string): string[] {
  const segments = folderOf(file).split('/');
  return segments.flatMap((each) => /\[+(?:\.{3})?([^\]]+)\]/.exec(each)?.[1] ?? []);
}

/** What it lists: what its entries name where that is seen, else all that it may. */
function namesBy(listing: RouteFile, route: RouteFile, app: App): string[] {
  const found = exported(listing, 'generateStaticParams', app);
  const keys = found.is === 'here' ? found.facts.answers.get(found.name)?.keys : null;
  return keys ? [...keys] : paramsIn(listing === route ? route.file : listing.file);
}

function emptyFindings(listing: RouteFile, { path }: RouteFile, app: App): Draft[] {
  const found = exported(listing, 'generateStaticParams', app);
  const at = placeOf(found);
  const empty = found.is === 'here' ? found.facts.answers.get(found.name)?.empty : 'unseen';
  if (!at || empty === undefined || empty === 'unseen') return [];
  const mend = 'List at least one, or keep the page out of what the ssg build routes to.';
  if (empty === 'always')
    return [
      blocker('no_static_params', at, `generateStaticParams lists no page of ${path}, and an export needs one.`, mend),
    ];
  return [
    warning(
      'no_static_params_perhaps',
      at,
      `generateStaticParams may list no page of ${path}, and an export needs one.`,
      mend,
    ),
  ];
}

export function missingParams({ file, path }: RouteFile, missing: readonly string[]): Draft {
  return blocker(
    'no_static_params',
    { where: file, line: 1 },
    `Nobody lists ${missing.join(', ')} of ${path}, so nobody knows which pages there are.`,
    'Export generateStaticParams from the page, or from a layout at that segment or below it.',
  );
}

import type { App } from './app';
import type { Presence } from './config';
import { type Draft, dynamicOf, LOOK_YOURSELF, setting, warning } from './judge-terms';
import { type Place, Walk } from './reach';

/** Where the app would be served. */
export type Host = Pick<Ground, 'hostResizes'>;

/** Where a place is judged: what else decides about it. */
interface Ground {
  /** The route is `force-static`: what is known only when somebody asks is empty there instead of a failure of the build. */
  isStatic: boolean;
  loader: Presence['is'];
  /** Where it is served, images are resized without a server of the app's. */
  hostResizes: boolean;
}

interface Rule {
  fits: (place: Place) => boolean;
  /** Null: nothing is wrong with it. */
  severity: (ground: Ground) => Draft['severity'] | null;
  code: string;
  says: (path: string, place: Place, ground: Ground) => string;
  mend: string;
}

const spot =
  (is: Place['what']['is'], where?: 'server') =>
  ({ what, client }: Place) =>
    what.is === is && (where === undefined || !client);

/** Code of a server that uses a name of Next. `*` is everything of that module. */
const use =
  (from: RegExp, names: readonly string[]) =>
  ({ what, client }: Place) =>
    what.is === 'use' && !client && from.test(what.from) && names.includes(what.name);

const always = (severity: Draft['severity']) => () => severity;
const unlessStatic =
  (severity: Draft['severity']) =>
  ({ isStatic }: Ground) =>
    isStatic ? null : severity;

/** What is known only when somebody asks. */
function ofRequest(code: string, fits: Rule['fits'], does: string, mend: string): Rule {
  return {
    ...{ fits, code, mend },
    severity: ({ isStatic }) => (isStatic ? 'warning' : 'blocker'),
    says: (path, _place, { isStatic }) =>
      isStatic
        ? `${path} ${does}; as it is “force-static”, it finds nothing there.`
        : `${path} ${does}, and an export has no request.`,
  };
}

const HEADERS = /^next\/headers(\.js)?$/;
const CACHE = /^next\/cache(\.js)?$/;
const WAITS = /^next\/(server|cache)(\.js)?$/;
const IMAGE = /^next\/(legacy\/)?image(\.js)?$/;
const isImage = ({ what }: Place) => what.is === 'use' && IMAGE.test(what.from);
/** Of `_document` and `_error` it is Next's own way, and an export runs it. */
const isInitial = ({ what, route }: Place) =>
  what.is === 'initialProps' && route.router === 'pages' && !/^\/_(document|error)$/.test(route.path);
const FREE_IMAGES =
  'Set images.unoptimized to true when the mode is ssg, or images.loader to “custom” with a loaderFile.';
const FRESH = 'Let the build fetch it once (cache: “force-cache”), or fetch it in the browser.';

const RULES: readonly Rule[] = [
  {
    ...{ code: 'server_actions', fits: spot('actions'), severity: always('blocker') },
    says: (path) => `${path} leads to a server action here, and there is no server to run it.`,
    mend: 'Call an API from the browser instead, or keep it out of what the ssg build routes to.',
  },
  {
    ...{ code: 'image_loader', fits: isImage, mend: FREE_IMAGES },
    severity: ({ loader, hostResizes }) => (loader === 'some' && !hostResizes ? 'blocker' : null),
    says: (path) => `${path} shows an image that the server would resize.`,
  },
  {
    ...{ code: 'image_loader_unknown', fits: isImage, mend: FREE_IMAGES },
    severity: ({ loader, hostResizes }) =>
      loader === 'perhaps' || (loader === 'some' && hostResizes) ? 'warning' : null,
    says: (path, _place, { hostResizes }) =>
      hostResizes
        ? `${path} shows an image that this host resizes; another host of files would not.`
        : `${path} shows an image; whether a server resizes it cannot be told.`,
  },
  ofRequest(
    'cookies',
    use(HEADERS, ['cookies', '*']),
    'reads cookies on the server',
    'Read them in the browser, or ask an API that does.',
  ),
  ofRequest(
    'request_headers',
    use(HEADERS, ['headers']),
    'reads the headers of the request',
    'Find it out in the browser, or ask an API that does.',
  ),
  ofRequest(
    'draft_mode',
    use(HEADERS, ['draftMode']),
    'uses draft mode, which needs a server',
    'Take it away, or keep the drafts in an environment that stays ssr.',
  ),
  ofRequest(
    'waits_for_request',
    use(WAITS, ['connection', 'unstable_noStore']),
    'waits until somebody asks',
    'Take it away, or do it in the browser.',
  ),
  {
    ...{ code: 'waits_for_request_unknown', fits: use(WAITS, ['*']), severity: always('warning'), mend: LOOK_YOURSELF },
    says: (path, { what }) =>
      `${path} takes all of “${what.is === 'use' ? what.from : ''}”; whether it waits until somebody asks cannot be told.`,
  },
  {
    ...{ code: 'private_cache', fits: spot('privateCaches'), severity: always('blocker') },
    says: (path) => `${path} keeps something for one visitor (“use cache: private”), and an export knows no visitor.`,
    mend: 'Keep it for everybody (“use cache”), or fetch it in the browser.',
  },
  {
    ...{ code: 'uncached_fetch', fits: spot('uncached', 'server'), severity: unlessStatic('blocker'), mend: FRESH },
    says: (path) => `${path} fetches what must be fresh for each request, and an export has no request.`,
  },
  {
    ...{ code: 'uncached_fetch_unknown', fits: spot('uncachedPerhaps', 'server'), severity: unlessStatic('warning') },
    says: (path) => `${path} fetches something here; whether it must be fresh for each request cannot be told.`,
    mend: 'Write its options where it is fetched.',
  },
  {
    ...{ code: 'use_cache', fits: spot('caches'), severity: always('blocker') },
    says: (path) => `${path} keeps something with “use cache”, and Next exports no files of an app that does.`,
    mend: 'Take it away when the mode is ssg: what is exported is made once anyway.',
  },
  {
    ...{ code: 'made_once', fits: spot('keptAWhile', 'server'), severity: always('warning') },
    says: (path) => `${path} fetches what is to be made anew after a time, or on demand; a file is made once.`,
    mend: 'Nothing, if it may stay as it was built until the next deployment; otherwise fetch it in the browser.',
  },
  {
    ...{ code: 'initial_props', fits: isInitial, severity: always('warning') },
    says: (path) => `getInitialProps of ${path} is run here while it is built, once and without a request.`,
    mend: 'Use getStaticProps, or fetch in the browser; do not read req or res.',
  },
  {
    ...{ code: 'after_response', fits: use(WAITS, ['after', 'unstable_after']), severity: always('blocker') },
    says: (path) => `${path} does something after the response, and an export answers nobody.`,
    mend: 'Take it away when the mode is ssg, or let an API do it.',
  },
  {
    ...{ code: 'made_once', fits: use(CACHE, ['cacheLife', 'unstable_cacheLife', 'unstable_cache']) },
    severity: always('warning'),
    says: (path) => `${path} keeps what it made for a time; a file is made once.`,
    mend: 'Nothing, if it may stay as it was built until the next deployment; otherwise fetch it in the browser.',
  },
  {
    ...{ code: 'not_looked_at', severity: always('warning'), mend: LOOK_YOURSELF },
    fits: ({ what }) => what.is === 'use' && what.from.startsWith('next/dist/'),
    says: (path) => `${path} uses a part of Next that is not meant for apps; what it needs is not known.`,
  },
  {
    ...{ code: 'not_looked_at', fits: spot('unclear'), severity: always('warning'), mend: LOOK_YOURSELF },
    says: (path) => `${path} loads something here whose name is known only when it runs, so it was not looked at.`,
  },
  {
    ...{ code: 'not_looked_at', fits: spot('lost'), severity: always('warning'), mend: LOOK_YOURSELF },
    says: (_path, { what }) =>
      what.is === 'lost' ? `It uses “${what.specifier}”, ${what.why}; what that does was not looked at.` : '',
  },
];

/** What all routes and everything that they lead to use. False where there was more than is followed. */
export function findingsOfUses(app: App, { hostResizes }: Host): { drafts: Draft[]; isComplete: boolean } {
  const isStatic = new Set(
    // What a layout says does not count for a handler.
    app.routes.filter(
      (each) =>
        (each.role === 'handler' ? setting(each, 'dynamic', app)?.value : dynamicOf(each, app)) === 'force-static',
    ),
  );
  const drafts: Draft[] = [];
  const seen = new Set<string>();
  const walks: Walk[] = [];
  let isComplete = true;
  for (const which of [false, true]) {
    const walk = new Walk(app.modules);
    walk.go(app.routes.filter((each) => isStatic.has(each) === which));
    drafts.push(...judged(walk.places, { isStatic: which, loader: app.config.loader.is, hostResizes }));
    walks.push(walk);
    for (const each of walk.seen) seen.add(each);
    isComplete &&= walk.isComplete;
  }
  const loaded = onlyLoaded(walks, { loader: app.config.loader.is, hostResizes });
  return {
    drafts: [...drafts, ...loaded.drafts, ...misreadIn(seen, app)],
    isComplete: isComplete && loaded.isComplete,
  };
}

const LOADED = {
  image: 'loads next/image here, and nothing that a route leads to uses it',
  actions: 'is loaded as a file of server actions, and no route leads to one of them',
};

/** Whether it stays in an export is the bundler's to say. What is used somewhere has its own finding. */
function onlyLoaded(walks: readonly Walk[], { loader, hostResizes }: Omit<Ground, 'isStatic'>) {
  const used = new Set(walks.flatMap(({ places }) => places.flatMap((each) => usedAs(each))));
  const free = loader === 'none' || hostResizes;
  const beside = walks.map((walk) => walk.beside());
  const drafts = beside
    .flatMap(({ places }) => places)
    .filter(({ file, what }) => !used.has(`${what} ${file}`) && !(what === 'image' && free))
    .map(({ file, line, what }): [string, Draft] => {
      const sentence = `${file} ${LOADED[what]}: a bundler that keeps it refuses the export.`;
      const mend = 'Import from the file itself rather than from a barrel, or take the import away.';
      return [`${what} ${file}`, warning('loaded_unused', { where: file, line }, sentence, mend)];
    });
  return { drafts: [...new Map(drafts).values()], isComplete: beside.every((each) => each.isComplete) };
}

function usedAs(place: Place): string[] {
  if (place.what.is === 'actions') return [`actions ${place.file}`];
  return isImage(place) ? [`image ${place.file}`] : [];
}

function judged(places: readonly Place[], ground: Ground): Draft[] {
  return places.flatMap((place) =>
    RULES.flatMap(({ fits, severity, code, says, mend }): Draft[] => {
      const found = fits(place) ? severity(ground) : null;
      if (found === null) return [];
      const { file: where, line, route } = place;
      return [{ severity: found, code, where, line, sentence: says(route.path, place, ground), mend }];
    }),
  );
}

/** What is not known is said: nothing is exportable by silence. */
function misreadIn(seen: ReadonlySet<string>, { modules }: App): Draft[] {
  return [...seen].flatMap((where) => {
    const problem = modules.facts.get(where)?.misread;
    return problem
      ? [warning('not_understood', { where, line: problem.line }, problem.sentence, 'Mend it, or look at it yourself.')]
      : [];
  });
}

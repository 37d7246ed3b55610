import type { App } from './app';
import { blocker, type Draft, dynamicOf, factsOf, warning } from './judge-terms';
import { type Reached, reach, type Use } from './reach';
import type { RouteFile } from './routes';

interface Rule {
  from: RegExp;
  names: readonly string[];
  code: string;
  /** In the middle of a sentence. */
  does: string;
  mend: string;
}

/** What is known only when somebody asks. Under `force-static` it is empty instead of a failure of the build. */
const REQUEST_RULES: readonly Rule[] = [
  {
    from: /^next\/headers(\.js)?$/,
    names: ['cookies', '*'],
    code: 'cookies',
    does: 'reads cookies on the server',
    mend: 'Read them in the browser, or ask an API that does.',
  },
  {
    from: /^next\/headers(\.js)?$/,
    names: ['headers'],
    code: 'request_headers',
    does: 'reads the headers of the request',
    mend: 'Find it out in the browser, or ask an API that does.',
  },
  {
    from: /^next\/headers(\.js)?$/,
    names: ['draftMode'],
    code: 'draft_mode',
    does: 'uses draft mode, which needs a server',
    mend: 'Take it away, or keep the drafts in an environment that stays ssr.',
  },
  {
    from: /^next\/(server|cache)(\.js)?$/,
    names: ['connection', 'unstable_noStore'],
    code: 'waits_for_request',
    does: 'waits until somebody asks',
    mend: 'Take it away, or do it in the browser.',
  },
];

const ONCE_RULE: Rule = {
  from: /^next\/cache(\.js)?$/,
  names: ['cacheLife', 'unstable_cacheLife', 'unstable_cache'],
  code: 'made_once',
  does: 'keeps what it made for a time',
  mend: 'Nothing, if it may stay as it was built until the next deployment; otherwise fetch it in the browser.',
};

/** What a route and everything that it leads to uses. */
export function findingsOfUses(route: RouteFile, app: App): Draft[] {
  const reached = reach([route.file], app.modules);
  return [
    ...actionFindings(route, reached),
    ...imageFindings(route, reached, app),
    ...requestFindings(route, reached, app),
    ...onceFindings(route, reached),
    ...unreadFindings(reached, app),
  ];
}

function actionFindings({ path }: RouteFile, { actions }: Reached): Draft[] {
  return actions.map(({ file, line }) =>
    blocker(
      'server_actions',
      { where: file, line },
      `${path} leads to a server action here, and there is no server to run it.`,
      'Call an API from the browser instead, or keep it out of what the ssg build routes to.',
    ),
  );
}

const IMAGE = /^next\/(legacy\/)?image(\.js)?$/;

function imageFindings({ path }: RouteFile, { uses }: Reached, { config }: App): Draft[] {
  if (config.loader.is === 'none') return [];
  const found = uses.filter(({ from, name }) => IMAGE.test(from) && name === 'default');
  const mend = 'Set images.unoptimized to true when the mode is ssg, or images.loader to “custom” with a loaderFile.';
  return found.map(({ file: where, line }) =>
    config.loader.is === 'some'
      ? blocker('image_loader', { where, line }, `${path} shows an image that the server would resize.`, mend)
      : warning(
          'image_loader_unknown',
          { where, line },
          `${path} shows an image; whether a server resizes it cannot be told.`,
          mend,
        ),
  );
}

const isOf = ({ from, names }: Rule, use: Use) => from.test(use.from) && names.includes(use.name) && !use.client;

function requestFindings(route: RouteFile, { uses, uncached }: Reached, app: App): Draft[] {
  const isStatic = dynamicOf(route, app) === 'force-static' && route.role !== 'handler';
  const found = REQUEST_RULES.flatMap((rule) =>
    uses
      .filter((use) => isOf(rule, use))
      .map(({ file, line }) => requestFinding(route, rule, { file, line }, isStatic)),
  );
  const fresh = uncached.filter(({ client }) => !client && !isStatic);
  return [...found, ...fresh.map(({ file, line }) => requestFinding(route, UNCACHED, { file, line }, false))];
}

const UNCACHED: Rule = {
  from: /^$/,
  names: [],
  code: 'uncached_fetch',
  does: 'fetches what must be fresh for each request',
  mend: 'Let the build fetch it once (cache: “force-cache”), or fetch it in the browser.',
};

function requestFinding(
  route: RouteFile,
  rule: Rule,
  { file: where, line }: { file: string; line: number },
  isStatic: boolean,
): Draft {
  if (isStatic)
    return warning(
      rule.code,
      { where, line },
      `${route.path} ${rule.does}; as it is “force-static”, it finds nothing there.`,
      rule.mend,
    );
  return blocker(rule.code, { where, line }, `${route.path} ${rule.does}, and an export has no request.`, rule.mend);
}

function onceFindings({ path }: RouteFile, { uses }: Reached): Draft[] {
  return uses
    .filter((use) => isOf(ONCE_RULE, use))
    .map(({ file: where, line }) =>
      warning(ONCE_RULE.code, { where, line }, `${path} ${ONCE_RULE.does}; a file is made once.`, ONCE_RULE.mend),
    );
}

/** What is not known is said: nothing is exportable by silence. */
function unreadFindings({ lost, seen }: Reached, app: App): Draft[] {
  const missing = lost.map(({ file, specifier }) =>
    warning(
      'not_looked_at',
      { where: file, line: 1 },
      `It uses “${specifier}”, which is no file of this app that is known; what that does was not looked at.`,
      'Look at it yourself: what it needs of a server cannot be exported.',
    ),
  );
  const misread = [...seen].flatMap((where) => {
    const problem = factsOf(where, app)?.misread;
    return problem
      ? [warning('not_understood', { where, line: problem.line }, problem.sentence, 'Mend it, or look at it yourself.')]
      : [];
  });
  return [...missing, ...misread];
}

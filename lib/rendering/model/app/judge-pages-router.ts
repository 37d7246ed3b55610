import type { Answers } from './answers';
import type { App } from './app';
import { missingParams } from './judge-params';
import { type At, blocker, type Draft, exported, placeOf, warning } from './judge-terms';
import type { RouteFile } from './routes';

interface FieldRule {
  of: 'getStaticPaths' | 'getStaticProps';
  field: keyof Answers['fields'];
  code: string;
  is: (value: unknown) => boolean;
  says: (value: unknown) => string;
  mend: string;
}

/** What the functions of the Pages Router may answer and an export cannot do. */
const RULES: readonly FieldRule[] = [
  {
    ...{ of: 'getStaticPaths', field: 'fallback', code: 'dynamic_params' },
    is: (value) => value === true || value === 'blocking',
    says: (value) =>
      `getStaticPaths has fallback “${value}”: pages that nobody listed would be made when they are asked for.`,
    mend: 'Set fallback to false and list them all.',
  },
  {
    ...{ of: 'getStaticProps', field: 'revalidate', code: 'isr' },
    is: Boolean,
    says: (value) => `getStaticProps answers revalidate ${value}: files are made once.`,
    mend: 'Take it away and deploy when the data changes.',
  },
];

/** Of pages below `pages/`. */
export function pagesRouterFindings(route: RouteFile, app: App): Draft[] {
  const { path } = route;
  const found: Draft[] = RULES.flatMap((rule) => fieldFindings(route, rule, app));
  const served = placeOf(exported(route, 'getServerSideProps', app));
  if (served)
    found.push(
      blocker(
        'server_side_props',
        served,
        `getServerSideProps makes ${path} for each request.`,
        'Use getStaticProps, or fetch in the browser.',
      ),
    );
  const isListed = placeOf(exported(route, 'getStaticPaths', app)) !== null;
  if (route.dynamic.length > 0 && !isListed && placeOf(exported(route, 'getStaticProps', app)))
    found.push({ ...missingParams(route, route.dynamic), mend: 'Export getStaticPaths that lists them all.' });
  return found;
}

function fieldFindings(route: RouteFile, { of, field, code, is, says, mend }: FieldRule, app: App): Draft[] {
  const found = exported(route, of, app);
  const at: At | null = placeOf(found);
  if (!at) return [];
  const answers = found.is === 'here' ? found.facts.answers.get(found.name)?.fields[field] : undefined;
  const bad = answers?.values.find(is);
  if (bad !== undefined) return [blocker(code, at, says(bad), mend)];
  if (answers && !answers.unknown) return [];
  return [warning(`${code}_unknown`, at, `What ${of} of ${route.path} answers as ${field} cannot be told.`, mend)];
}

import type { App } from './app';
import { blocker, type Draft, setting, warning } from './judge-terms';
import type { RouteFile } from './routes';

interface SettingRule {
  name: string;
  code: string;
  severity: 'blocker' | 'warning';
  is: (value: unknown) => boolean;
  says: (path: string, value: unknown) => string;
  mend: string;
}

/** What a route file may say of itself and an export cannot do. https://nextjs.org/docs/app/api-reference/file-conventions/route-segment-config */
const RULES: readonly SettingRule[] = [
  {
    ...{ name: 'dynamic', code: 'force_dynamic', severity: 'blocker' },
    is: (value) => value === 'force-dynamic',
    says: (path) => `dynamic is “force-dynamic”, so ${path} and what lies below it is made for each request.`,
    mend: 'Take it away, or use an ending that pageExtensions leaves out when the mode is ssg.',
  },
  {
    ...{ name: 'dynamicParams', code: 'dynamic_params', severity: 'blocker' },
    is: (value) => value === true,
    says: () => 'dynamicParams is true: pages that nobody listed would be made when they are asked for.',
    mend: 'Take it away; generateStaticParams then lists all there are.',
  },
  {
    ...{ name: 'revalidate', code: 'isr', severity: 'blocker' },
    is: (value) => typeof value === 'number',
    says: (path, value) => `revalidate is ${value}: ${path} is made anew from time to time, and files are made once.`,
    mend: 'Set revalidate to false and deploy when the data changes, or fetch it in the browser.',
  },
  {
    ...{ name: 'fetchCache', code: 'uncached_fetch', severity: 'warning' },
    is: (value) => typeof value === 'string' && value.endsWith('no-store'),
    says: (path, value) => `fetchCache is “${value}”: what ${path} fetches has to be fresh for each request.`,
    mend: 'Take it away, or fetch it in the browser.',
  },
  {
    ...{ name: 'runtime', code: 'edge_runtime', severity: 'warning' },
    is: (value) => typeof value === 'string' && value.includes('edge'),
    says: (path) => `${path} asks for the edge runtime, of which Next makes no files.`,
    mend: 'Take it away when the mode is ssg.',
  },
];

/** Of a page, a layout or a handler. What is no plain value is not known, and said so. */
export function settingFindings(route: RouteFile, app: App): Draft[] {
  return RULES.flatMap(({ name, code, severity, is, says, mend }) => {
    const found = setting(route, name, app);
    if (!found) return [];
    if (!found.known) {
      const sentence = `What ${name} of ${route.path} is cannot be told: it is no plain value.`;
      return [warning(`${code}_unknown`, found.at, sentence, `Write ${name} as a plain value, in the file itself.`)];
    }
    if (!is(found.value)) return [];
    return [(severity === 'blocker' ? blocker : warning)(code, found.at, says(route.path, found.value), mend)];
  });
}

import type { Finding } from '../preflight';
import type { App } from './app';
import type { AppConfig, Presence } from './config';
import { envOf } from './constant';
import { blocker, type Draft, warning } from './judge-terms';

/** What `next.config` and the proxy have that an export has not. */
export function configFindings(app: App): Draft[] {
  const { config, proxy } = app;
  return [
    ...outputFindings(config),
    ...understood(config),
    ...RULES.flatMap(([code, mend]) => ruleFindings(config, code, mend)),
    ...i18nFindings(config),
    ...cacheFindings(config),
    ...(proxy === null ? [] : [proxyFinding(proxy)]),
  ];
}

const HOW = 'Leave it out when the mode is ssg';
const RULES = [
  ['headers', `${HOW}, and set the headers at the host.`],
  ['redirects', `${HOW}, and set the redirects at the host.`],
  ['rewrites', `${HOW}, and let the host do it, or link to the address itself.`],
] as const;

function outputFindings({ file, output, open }: AppConfig): Draft[] {
  const at = { where: file ?? 'next.config.ts', line: output.line };
  const mend =
    "Write `output: process.env.AETHERSTACK_RENDERING === 'ssg' ? 'export' : undefined`, or what fits your build.";
  if (output.value.kind === 'literal') {
    if (output.value.value === 'export') return [];
    const said = typeof output.value.value === 'string' ? `output is “${output.value.value}”` : 'output is not set';
    return [blocker('output_not_export', at, `When the mode is ssg, ${said}, so no files are exported.`, mend)];
  }
  const env = envOf(output.value);
  const why =
    env.length > 0
      ? `depends on ${listed(env)}`
      : open === null
        ? 'is not a plain value'
        : 'may be set by something that is not seen';
  return [warning('output_unknown', at, `Whether output is “export” cannot be told: it ${why}.`, mend)];
}

function understood({ file, misread, extensionsKnown, open }: AppConfig): Draft[] {
  const found: Draft[] = [];
  if (open !== null)
    found.push(
      warning(
        'config_unknown',
        { where: file, line: open },
        'Something that is not seen here has the config in hand: it may set headers, redirects, rewrites, i18n, images, pageExtensions or output.',
        'Look at what it sets; what needs a server has to be left out when the mode is ssg.',
      ),
    );
  if (misread)
    found.push(
      warning('config_not_understood', { where: file, line: misread.line }, misread.sentence, 'Mend the file.'),
    );
  if (!extensionsKnown)
    found.push(
      warning(
        'extensions_unknown',
        { where: file },
        'Which files are routes depends on something that is not known here; Next’s usual endings were taken, and no routes are compared.',
        'Let pageExtensions depend on AETHERSTACK_RENDERING alone.',
      ),
    );
  return found;
}

function ruleFindings({ file, rules }: AppConfig, code: 'headers' | 'redirects' | 'rewrites', mend: string): Draft[] {
  const sentence = `next.config sets ${code}, and a file server does not know them.`;
  return present(rules[code], file, code, sentence, mend);
}

function i18nFindings({ file, i18n }: AppConfig): Draft[] {
  const sentence = 'next.config sets i18n, whose routing needs a server.';
  return present(i18n, file, 'i18n', sentence, 'Make a folder for each language instead, such as app/[lang].');
}

function cacheFindings({ file, cacheComponents }: AppConfig): Draft[] {
  const sentence = 'next.config sets cacheComponents, and Next refuses to export with it.';
  return present(cacheComponents, file, 'cache_components', sentence, `${HOW}, with every “use cache”.`);
}

function present(
  { is, line, env }: Presence,
  where: string | null,
  code: string,
  sentence: string,
  mend: string,
): Draft[] {
  if (is === 'none') return [];
  if (is === 'some') return [blocker(code, { where, line }, sentence, mend)];
  const why = env.length > 0 ? `depends on ${listed(env)}` : 'is not a plain value';
  return [warning(`${code}_unknown`, { where, line }, `Whether ${code} is set ${why}. ${sentence}`, mend)];
}

function proxyFinding(where: string): Draft {
  const sentence = 'It runs before each request, and a file server runs nothing.';
  const mend =
    'Move what it decides into the pages, or give it an ending that pageExtensions leaves out when the mode is ssg.';
  return blocker('proxy', { where, line: 1 }, sentence, mend);
}

const listed = (names: readonly string[]) => names.slice(0, 3).join(', ');

/** For the other way round: a build that always exports is never a server. */
export function serverFindings({ config }: App, folder: string): { blockers: Finding[]; warnings: Finding[] } {
  const { file, output, misread } = config;
  const where = [folder, file ?? ''].filter((each) => each !== '').join('/');
  const always = output.value.kind === 'literal' && output.value.value === 'export';
  const mend = "Write `output: process.env.AETHERSTACK_RENDERING === 'ssg' ? 'export' : undefined`.";
  const sentence = 'When the mode is ssr, output is “export” all the same, so no server is built.';
  return {
    blockers: always ? [{ code: 'output_is_export', sentence, where, line: output.line, mend }] : [],
    warnings: misread
      ? [
          {
            code: 'config_not_understood',
            sentence: misread.sentence,
            where,
            line: misread.line,
            mend: 'Mend the file.',
          },
        ]
      : [],
  };
}

import { providers } from '@/lib/providers/registry.generated';
import { ALLOWED_ADDRESSES, REFUSED_ADDRESSES } from './addresses';
import { CANARIES, FORMS } from './canaries';
import { GENERATED, PLANTED } from './catalog';
import { DANGEROUS_CELLS, HARMLESS_CELLS } from './csv-cells';
import { DISPATCH_INPUTS, REF_NAMES } from './dispatch-inputs';
import { FLOODS } from './floods';
import { FRAMEWORK } from './framework';
import { HOOKS } from './hooks';
import { LOGS, SEARCHES } from './logs';
import { ORIGIN_REQUESTS, ORIGINS } from './origins';
import { BAD_PACKAGES } from './packages';
import { RACES, ROUNDS } from './races';
import { REDIRECTS } from './redirects';
import { SEALED_VALUES } from './sealed-values';
import { SESSION_COOKIES, SIGN_INS } from './sessions';
import { STRINGS } from './unicode';
import { bodiesOf, SIZES, signaturesOf } from './webhooks';
import { WORKFLOW_FILES } from './workflow-files';

interface Row {
  id: string;
  surface: string;
  /** Written by hand: the length of the tables themselves. Null = counted elsewhere, see `note`. */
  cases: number | null;
  generated?: number;
  note: string;
  where: string[];
}

const HERE = 'lib/testing/bad-inputs';
const BROWSER = 'e2e/hostile-requests.spec.ts';

const LABELS = HOOKS.map(({ id }) => providers[id]?.manifest.label ?? id).sort();

const overAll = (count: (sample: (typeof HOOKS)[number]['sample']) => number) =>
  HOOKS.reduce((sum, { sample }) => sum + count(sample), 0);

export const ROWS: Row[] = [
  {
    id: 'D1',
    surface: 'Webhook signatures',
    cases: overAll((sample) => signaturesOf(sample).length),
    note: `At every provider with webhooks (${LABELS.join(', ')}): each brings a sample, or a test fails.`,
    where: [`${HERE}/webhooks.test.ts`],
  },
  {
    id: 'D2',
    surface: 'Webhook bodies',
    cases: overAll((sample) => bodiesOf(sample).length) + SIZES.length,
    generated: GENERATED.D2 * HOOKS.length,
    note: 'One byte a second is not tried; the server’s own limit ends it.',
    where: [`${HERE}/webhooks.test.ts`],
  },
  {
    id: 'D3',
    surface: 'Histories of webhooks',
    cases: null,
    generated: GENERATED.D3,
    note: 'Lost, doubled, reordered, delayed, re-run and in unknown words, each against a second machine that shares no code with the first. Between processes: `npm run chaos`.',
    where: ['lib/deployments/server/histories.test.ts'],
  },
  {
    id: 'D4',
    surface: 'Packages of extensions',
    cases: BAD_PACKAGES.length,
    generated: GENERATED.D4,
    note: 'Looked through without unpacking anything to a disk; only an explicit pass may be published.',
    where: [`${HERE}/packages.test.ts`, 'lib/extensions/server/accept.test.ts'],
  },
  {
    id: 'D5',
    surface: 'Workflow files',
    cases: WORKFLOW_FILES.length,
    generated: GENERATED.D5,
    note: 'Each within 2 s.',
    where: [`${HERE}/workflow-files.test.ts`],
  },
  {
    id: 'D6',
    surface: 'Log viewer',
    cases: LOGS.length + SEARCHES.length,
    generated: GENERATED.D6,
    note: 'Only styled plain text comes out, wherever the log is cut.',
    where: [`${HERE}/logs.test.ts`, 'components/logs/ansi.test.ts'],
  },
  {
    id: 'D7',
    surface: 'Inputs of a workflow, names of refs',
    cases: DISPATCH_INPUTS.length + REF_NAMES.length,
    generated: GENERATED.D7,
    note: 'Only declared names of declared types go out.',
    where: [`${HERE}/dispatch-inputs.test.ts`],
  },
  {
    id: 'D8',
    surface: 'Addresses that a person typed in',
    cases: Object.values(REFUSED_ADDRESSES).flat().length + ALLOWED_ADDRESSES.length,
    generated: GENERATED.D8,
    note: 'Nothing is sent where not everybody could send it, however it is spelled and whatever a name resolves to.',
    where: ['lib/http/public-address.test.ts', 'lib/http/safe-fetch.test.ts', 'lib/http/safe-fetch.server.test.ts'],
  },
  {
    id: 'D9',
    surface: 'Who may what',
    cases: null,
    note: 'Every verb × 26 kinds of people and tokens × the environment and another; at least 900 cells, each run on Postgres.',
    where: ['lib/pipeline/authorization.test.ts'],
  },
  {
    id: 'D10',
    surface: 'Where a mutation comes from',
    cases: ORIGINS.length + ORIGIN_REQUESTS.length,
    note: 'Absent and `null` are refused.',
    where: [`${HERE}/origins.test.ts`, BROWSER, 'e2e/outsiders.spec.ts'],
  },
  {
    id: 'D11',
    surface: 'The framework’s own doors',
    cases: FRAMEWORK.length,
    note: 'Byte for byte against the running console.',
    where: [BROWSER],
  },
  {
    id: 'D12',
    surface: 'Hostile text in every text field',
    cases: STRINGS.length,
    note: 'Each string in each text field of each verb, run on Postgres; the fields are found, not listed.',
    where: [`${HERE}/unicode.test.ts`],
  },
  {
    id: 'D13',
    surface: 'Cells of a CSV',
    cases: DANGEROUS_CELLS.length + HARMLESS_CELLS.length,
    generated: GENERATED.D13,
    note: 'No spreadsheet runs one, and each can be read back as it was.',
    where: [`${HERE}/csv-cells.test.ts`],
  },
  {
    id: 'D14',
    surface: 'Where a sign-in leads',
    cases: REDIRECTS.length,
    generated: GENERATED.D14,
    note: 'A browser stays on this site.',
    where: [`${HERE}/redirects.test.ts`],
  },
  {
    id: 'D15',
    surface: 'Sessions and credentials that are none',
    cases: SESSION_COOKIES.length + SIGN_INS.length,
    note: 'Over the wire. What happens to real ones (ended, idle, disabled, another origin’s) is in the session tests.',
    where: [BROWSER, 'lib/auth/sessions.test.ts', 'lib/auth/identity.test.ts', 'lib/auth/sign-in.test.ts'],
  },
  {
    id: 'D16',
    surface: 'Stored secrets',
    cases: SEALED_VALUES.length,
    note: 'Changed, moved, or outlived their key.',
    where: [`${HERE}/sealed-values.test.ts`, 'lib/connections/server/vault.test.ts'],
  },
  {
    id: 'D17',
    surface: 'Secrets where they do not belong',
    cases: CANARIES.length,
    note: `In up to ${Object.keys(FORMS).length} writings; ${PLANTED} more are planted in a whole console and looked for in nine places: logs, JSON, errors, the live stream, the audit log, its CSV and JSON, the database, notifications, crash output.`,
    where: [`${HERE}/canaries.test.ts`, `${HERE}/nine-places.test.ts`, 'e2e/credentials.spec.ts'],
  },
  {
    id: 'D18',
    surface: 'Using up what there is',
    cases: FLOODS.length,
    note: 'Hundreds at once while somebody else is answered. Ten live views a person and the buckets are tested apart, and so are uploads: ten an hour, two at once.',
    where: [
      ...[BROWSER, 'lib/realtime/seats.test.ts', 'lib/pipeline/rate-limit.test.ts', 'lib/auth/sign-in.test.ts'],
      'lib/api/upload.test.ts',
    ],
  },
  {
    id: 'D19',
    surface: 'Races',
    cases: null,
    generated: GENERATED.D19,
    note: `${RACES.map(({ name }) => name).join(', ')}: ${ROUNDS} rounds each on Postgres, one side late by a generated amount; \`AETHERSTACK_FUZZ=50\` makes it 1,000. Between processes: \`npm run chaos\`.`,
    where: [`${HERE}/races.test.ts`],
  },
];

/** docs/bad-inputs.md, from the tables themselves. */
export function badInputsDocument(): string {
  const lines = ROWS.map(({ id, surface, cases, generated, note, where }) => {
    const files = where.map((file) => `\`${file}\``).join('<br>');
    return `| ${id} | ${surface} | ${cases ?? '–'} | ${generated?.toLocaleString('en') ?? '–'} | ${note} | ${files} |`;
  });
  const byHand = ROWS.reduce((sum, { cases }) => sum + (cases ?? 0), 0);
  const generated = ROWS.reduce((sum, row) => sum + (row.generated ?? 0), 0);
  return `# Bad inputs

What is thrown at this console in each run of \`npm test\`. A case is a row of a table in \`lib/testing/bad-inputs\`; generated ones
are new each time, and a failing one is printed with its seed and becomes a row. \`AETHERSTACK_FUZZ=20 npm test\` generates
twenty times as many. For all of them: no failure of ours, nothing without a bound, no change that was not allowed.

Made from the tables: \`lib/testing/bad-inputs/document.test.ts\` fails when a figure here is not theirs.

| | what | by hand | generated | | where |
|---|---|---|---|---|---|
${lines.join('\n')}

**${byHand} by hand and ${generated.toLocaleString('en')} generated**, beside the matrix of D9.

A thousand rounds of each race of D19 take most of an hour: \`AETHERSTACK_FUZZ=50 npm test -- lib/testing/bad-inputs/races.test.ts\`. Last done
on 2026-11-28: ${RACES.length} races × 1,000 rounds, all of which held, in 2,845 s.
`;
}

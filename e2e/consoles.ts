import path from 'node:path';

interface Console {
  url: string;
  /** Its one-time link. */
  signInUrl: string;
  dataDir: string;
  /** What its first administrator's browser keeps. */
  session: string;
  /** Where the token of that administrator lies with which tests arrange what they do not show. */
  token: string;
}

type Given = Omit<Console, 'session' | 'token'>;

/** `npm test` starts them and says where they are; a person names the one that is running. */
function given(): Given[] {
  const { E2E_CONSOLES, E2E_BASE_URL, E2E_SETUP_URL = '', E2E_DATA_DIR = '' } = process.env;
  if (E2E_CONSOLES) return JSON.parse(E2E_CONSOLES) as Given[];
  return [{ url: E2E_BASE_URL ?? 'http://127.0.0.1:3000', signInUrl: E2E_SETUP_URL, dataDir: E2E_DATA_DIR }];
}

/** One for each of Playwright's workers, which run one test at a time. */
export const CONSOLES: readonly Console[] = given().map((each, at) => ({
  ...each,
  session: path.resolve('test-results', `session-${at}.json`),
  token: path.resolve('test-results', `token-${at}.txt`),
}));

/** The one that this worker has to itself. */
export const OWN: Console = CONSOLES[Number(process.env['TEST_PARALLEL_INDEX'] ?? 0)] ?? (CONSOLES[0] as Console);

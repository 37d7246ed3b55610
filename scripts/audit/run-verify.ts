// Trusts nothing of the database but its rows: forms, hashes and signatures are computed here. Exit code 0: as it was written;
// 1: it is not, or nothing proves that it is; 2: it could not be looked at.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { verdictSentence } from '@/lib/audit/model/verdict';
import { ServiceError } from '@/lib/kernel/errors';
import { readKeyFile } from './key-file';

const USAGE = `npm run audit:verify -- --database <postgres://…> --key-file <file> [--anchor <file>] [--json]

  --database   the console's database (or DATABASE_URL); a role that may only SELECT is enough
  --key-file   the signing key: keys.json of npm start, or AETHERSTACK_AUDIT_KEY or AETHERSTACK_KEK as base64, older ones below it
  --anchor     the signed heads that were written down outside the database (a file, or a captured output)`;

type Environment = Record<string, string | undefined>;

class Unusable extends Error {}

function fileFrom(folder: string, name: string, what: string): string {
  const file = path.resolve(folder, name);
  if (!existsSync(file)) throw new Unusable(`${what} ${file} is not there.`);
  return file;
}

function readOptions(args: string[], env: Environment) {
  const { values } = parseArgs({
    args,
    options: {
      database: { type: 'string' },
      'key-file': { type: 'string' },
      anchor: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = env.AUDIT_VERIFY_FROM ?? process.cwd();
  // From the environment it is in no list of processes.
  const database = values.database || env.DATABASE_URL;
  if (!database || !values['key-file']) throw new Unusable(`--database and --key-file are needed.\n\n${USAGE}`);
  const keyFile = fileFrom(folder, values['key-file'], 'The key file');
  const keys = readKeyFile(readFileSync(keyFile, 'utf8'));
  if (!keys) throw new Unusable(`${keyFile} holds no key: 32 bytes as base64, or a keys.json.`);
  const anchorFile = values.anchor ? fileFrom(folder, values.anchor, 'The anchor') : null;
  return { database, keys, anchorFile, json: values.json };
}

/** What its process prints, and the code that it ends with. */
export interface Verified {
  code: 0 | 1 | 2;
  out: string;
  err: string;
}

async function verify(options: ReturnType<typeof readOptions>): Promise<Verified> {
  // Who forgot a word is told so at once, without the half of the console that reads the log.
  const { verifyChain } = await import('@/lib/audit/server/verify');
  const { openDatabase } = await import('@/lib/db/client');
  const database = openDatabase(options.database, { max: 2 });
  try {
    const { keys, anchorFile } = options;
    const verdict = await verifyChain(database.db, { keys, anchorFile, requireHead: true });
    const sentence = verdictSentence(verdict);
    const out = options.json
      ? JSON.stringify({ intact: verdict.broken === null, sentence, ...verdict })
      : `${verdict.broken ? 'BROKEN' : 'INTACT'}  ${sentence}`;
    return { code: verdict.broken ? 1 : 0, out: `${out}\n`, err: '' };
  } finally {
    await database.close();
  }
}

/** One run of the command with these arguments; `AUDIT_VERIFY_FROM` is the folder that files are named from. */
export async function runVerify(args: string[], env: Environment): Promise<Verified> {
  try {
    return await verify(readOptions(args, env));
  } catch (error) {
    const own = error instanceof Unusable || error instanceof TypeError || error instanceof ServiceError;
    const said = own ? error.message : `The log could not be read: ${reason(error)}`;
    return { code: 2, out: '', err: `${said}\n` };
  }
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

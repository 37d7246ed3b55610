import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { VerifyAnswer } from '@/lib/audit/model/verdict';
import { READING_MS } from '../client.ts';
import type { Command, Invocation } from '../command.ts';
import { CliError, EXIT, usage } from '../exit.ts';
import { jsonText, oneLine } from '../terminal.ts';

const auditVerify: Command = {
  name: 'audit verify',
  usage: '',
  says: 'prove that the audit log is as it was written; 1 when it is not',
  options: {},
  async run({ client, terminal, json }) {
    const answer = await client().change<VerifyAnswer>('POST', '/audit/verify', {}, READING_MS);
    terminal.say(json ? jsonText(answer) : oneLine(answer.sentence));
    return answer.intact ? EXIT.ok : EXIT.failed;
  },
};

/** Option → query parameter; those of the page's filters. */
const FILTERS = {
  ...{ actor: 'actor', action: 'action', kind: 'resourceKind', id: 'resourceId', outcome: 'outcome' },
  ...{ environment: 'environment', text: 'text', from: 'from', to: 'to' },
} as const;

/** What the API calls each format. */
const FORMATS: Record<string, string> = { csv: 'csv', ndjson: 'json' };

function queryOf(invocation: Invocation): Record<string, string | undefined> {
  const asked = invocation.text('format') ?? 'csv';
  const format = Object.hasOwn(FORMATS, asked) ? FORMATS[asked] : undefined;
  if (!format) throw usage('--format is csv or ndjson.');
  const filters = Object.entries(FILTERS).map(([option, parameter]) => [parameter, invocation.text(option)]);
  return { ...Object.fromEntries(filters), format };
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw usage(`Cannot write beside ${path} (${why}).`);
  }
}

/** Whole or not at all: a file beside it takes its place when everything has come. Returns how many bytes. */
async function keep(pieces: AsyncIterable<Uint8Array>, file: string): Promise<number> {
  const fresh = `${file}.${randomUUID()}`;
  const handle = await opened(fresh);
  try {
    let bytes = 0;
    for await (const piece of pieces) {
      await handle.writeFile(piece);
      bytes += piece.length;
    }
    await handle.sync();
    await handle.close();
    await rename(fresh, file);
    return bytes;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(fresh, { force: true });
    if (error instanceof CliError) throw error;
    throw usage(`Cannot write ${file} (${error instanceof Error ? error.message : String(error)}).`);
  }
}

const auditExport: Command = {
  name: 'audit export',
  usage:
    '[--format csv|ndjson] [--output file] [--from 2026-01-31T08:00Z] [--to …] [--actor …] [--action …] [--outcome …] [--environment …] [--kind … --id …] [--text …]',
  says: 'take the audit log away as a file, or on standard output',
  options: {
    ...{ format: { type: 'string' }, output: { type: 'string', short: 'o' } },
    ...Object.fromEntries(Object.keys(FILTERS).map((name) => [name, { type: 'string' as const }])),
  },
  async run(invocation) {
    const { terminal, json } = invocation;
    if (invocation.positionals.length > 0) throw usage('Name the file with --output.');
    const query = queryOf(invocation);
    const file = invocation.text('output');
    if (json && !file)
      throw usage('With --json, name the file with --output: the log itself is not one JSON document.');
    const pieces = invocation.client().pieces('/audit/export', query);
    if (file) {
      const bytes = await keep(pieces, file);
      terminal.say(json ? jsonText({ file, bytes }) : oneLine(`${bytes} bytes in ${file}`));
    } else for await (const piece of pieces) await terminal.pass(piece);
    return EXIT.ok;
  },
};

export const AUDIT_COMMANDS: readonly Command[] = [auditVerify, auditExport];

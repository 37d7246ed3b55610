import { and, gt, lte, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import type { Db } from '@/lib/db/client';
import { auditChain } from '@/lib/db/schema';
import { emitAudit } from '../emit';
import { type ChainLine, GENESIS } from '../model/chain';
import { csvRow } from '../model/csv';
import type { auditExportInput } from '../model/view';
import { matching, readable } from './filters';
import { readLink } from './read-chain';

export interface ExportedFile {
  name: string;
  type: string;
  body: ReadableStream<Uint8Array>;
}

/** A line as it is taken away: with what its hash was made from, so that whoever has it can compute it. */
type ExportedLine = { line: string; previousHash: string; hash: string } & ChainLine;

const BATCH = 1_000;

/** Columns of the CSV, names of the JSON; `at` is UTC with microseconds, `data` the text whose hash counts. */
const COLUMNS = [
  ['line', 'line'],
  ['entry', 'id'],
  ['at', 'at'],
  ['actor_kind', 'actorKind'],
  ['actor_id', 'actorId'],
  ['actor_name', 'actorName'],
  ['action', 'action'],
  ['resource_kind', 'resourceKind'],
  ['resource_id', 'resourceId'],
  ['environment', 'environment'],
  ['outcome', 'outcome'],
  ['code', 'code'],
  ['sentence', 'sentence'],
  ['data', 'data'],
  ['request_id', 'requestId'],
  ['ip', 'ip'],
  ['previous_hash', 'previousHash'],
  ['hash', 'hash'],
] as const satisfies readonly (readonly [string, keyof ExportedLine])[];

const SELECTED = sql.raw(`audit_chain.seq::text as line, audit.id::text as id,
  to_char(audit.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, audit.actor_kind as "actorKind",
  audit.actor_id as "actorId", audit.actor_name as "actorName", audit.action, audit.resource_kind as "resourceKind",
  audit.resource_id as "resourceId", audit.environment, audit.outcome, audit.code, audit.sentence, audit.data::text as data,
  audit.request_id as "requestId", audit.ip, encode(audit_chain.hash, 'hex') as hash,
  coalesce(encode(before.hash, 'hex'), '${GENESIS}') as "previousHash"`);

/** Page by page in the order of the chain: no transaction is held while somebody downloads slowly. */
async function* readLines(db: Db, where: ReturnType<typeof and>, upTo: number): AsyncGenerator<ExportedLine[]> {
  let after = 0;
  for (;;) {
    const page = and(gt(auditChain.seq, after), lte(auditChain.seq, upTo), where);
    const { rows } = await db.execute<ExportedLine & Record<string, unknown>>(
      sql`select ${SELECTED} from audit_chain join audit on audit.id = audit_chain.audit_id
        left join audit_chain before on before.seq = audit_chain.seq - 1
        where ${page} order by audit_chain.seq limit ${BATCH}`,
    );
    yield rows;
    if (rows.length < BATCH) return;
    after = Number(rows.at(-1)?.line);
  }
}

function csvText(rows: ExportedLine[]): string {
  return rows.map((row) => csvRow(COLUMNS.map(([, key]) => row[key]))).join('');
}

function jsonText(rows: ExportedLine[]): string {
  return rows
    .map((row) => `${JSON.stringify(Object.fromEntries(COLUMNS.map(([name, key]) => [name, row[key]])))}\n`)
    .join('');
}

async function* encoded(pages: AsyncGenerator<ExportedLine[]>, csv: boolean): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  if (csv) yield encoder.encode(csvRow(COLUMNS.map(([name]) => name)));
  for await (const rows of pages) if (rows.length > 0) yield encoder.encode(csv ? csvText(rows) : jsonText(rows));
}

/** Reads on only when the reader wants more; one that goes away ends the reading. */
function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      const step = await chunks.next();
      if (step.done) controller.close();
      else controller.enqueue(step.value);
    },
    cancel: async () => {
      await chunks.return(undefined);
    },
  });
}

/**
 * The log, or what the filters leave of it, as a file of bounded memory: everything that was committed when it began, in the
 * order of the chain. Taking it away is a line of the log. Throws `ServiceError` forbidden.
 */
export async function exportAudit(
  ctx: ServiceContext,
  input: z.output<typeof auditExportInput>,
): Promise<ExportedFile> {
  requireAnywhere(ctx.actor, 'audit.export');
  const { format, ...filters } = input;
  const where = and(readable(ctx, 'audit.export'), ...matching(filters));
  const upTo = (await readLink(ctx.db))?.seq ?? 0;
  await emitAudit(ctx.db, ctx, {
    action: 'audit.export',
    resource: { kind: 'audit', id: null },
    outcome: 'done',
    sentence: `Took the audit log away as ${format === 'csv' ? 'CSV' : 'JSON'}, up to line ${upTo.toLocaleString('en')}.`,
    data: { format, upTo, filters },
  });
  return {
    name: `audit-to-line-${upTo}.${format === 'csv' ? 'csv' : 'ndjson'}`,
    type: format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson; charset=utf-8',
    body: streamOf(encoded(readLines(ctx.db, where, upTo), format === 'csv')),
  };
}

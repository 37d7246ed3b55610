import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { readBody } from '@/lib/api/body';
import { emitAudit } from '@/lib/audit/emit';
import { requireAnywhere, whyNot } from '@/lib/auth/require';
import { UPLOADS_OF, UPLOADS_PER_HOUR } from '@/lib/extensions/model/limits';
import { accept, inSeat } from '@/lib/extensions/server';
import { ServiceError } from '@/lib/kernel/errors';
import { parseInput } from '@/lib/pipeline/parse-input';
import { perMinute, requireToken, returnToken } from '@/lib/pipeline/rate-limit';
import { answerTo } from '@/lib/pipeline/refusal';
import { rateKey } from '@/lib/pipeline/run-action';
import { extensionJson, logName } from '../model/open-vsx-answer';
import { createNamespaceInput } from '../model/schemas';
import { TOKENS_PAGE } from '../model/scope';
import { createNamespace, findNamespace, isOwner, ownsAny, publishToGallery, readExtensions } from '../server';
import { whole } from './editor';
import type { Asked } from './place';
import { json, refused } from './respond';

const UPLOADS = { capacity: UPLOADS_PER_HOUR, perMs: 3_600_000 };

/** Writes of the Open VSX API. Null = it is none of these. */
export async function serveWrites(asked: Asked): Promise<Response | null> {
  const [, first = '', second, third] = asked.path;
  const posts = asked.request.method === 'POST';
  if (second === 'verify-pat' && asked.path.length === 3 && first !== '-') return await verifyPat(asked, first);
  if (first !== '-' || !posts) return null;
  if (second === 'publish' && asked.path.length === 3)
    return await told(asked, 'gallery.publish', () => publish(asked));
  if (second === 'namespace' && third === 'create')
    return await told(asked, 'gallery.create-namespace', () => makeNamespace(asked));
  return null;
}

function requirePublish({ caller }: Asked): void {
  if (caller.scope === 'publish') return;
  throw new ServiceError(
    'forbidden',
    'scope_missing',
    'This token may read only. Make one that may publish under Gallery → Tokens.',
  );
}

/** A refusal is audited, and answered in the words that `ovsx` shows. */
async function told(asked: Asked, action: string, run: () => Promise<Response>): Promise<Response> {
  try {
    requirePublish(asked);
    return await run();
  } catch (error) {
    const answer = answerTo(error, asked.ctx.requestId);
    if (answer.unexpected) throw error;
    await emitAudit(asked.ctx.db, asked.ctx, {
      action,
      resource: { kind: 'extension', id: null },
      outcome: answer.outcome,
      code: answer.refusal.code,
      sentence: answer.refusal.sentence,
    });
    const wait: Record<string, string> = answer.retryAfter ? { 'Retry-After': String(answer.retryAfter) } : {};
    return refused(answer.httpStatus, answer.refusal.code, answer.refusal.sentence, wait);
  }
}

async function verifyPat(asked: Asked, called: string): Promise<Response> {
  const namespace = await findNamespace(asked.ctx.db, called);
  if (!namespace) return refused(404, 'no_such_namespace', `Namespace not found: ${called}`);
  const { scope, actor } = asked.caller;
  const permitted = scope === 'publish' && whyNot(actor, 'deployment.request', null) === null;
  const may = permitted && (await isOwner(asked.ctx.db, namespace.name, actor.userId));
  if (!may) return refused(400, 'not_an_owner', `Insufficient access rights for namespace: ${namespace.name}`);
  return json({ success: 'Valid token' });
}

async function makeNamespace(asked: Asked): Promise<Response> {
  await requireToken(asked.ctx.db, `gallery:namespace:${asked.caller.actor.userId}`, perMinute(10));
  const { value } = await readBody(asked.request);
  const { namespace } = parseInput(createNamespaceInput, { namespace: value.name });
  await createNamespace(asked.ctx, { namespace });
  return json({ success: `Created namespace ${namespace}` }, 201, { Location: `${asked.base}/api/${namespace}` });
}

/** Asked before a byte is read: what is taken in is kept. Whose namespace it is, only the package says. */
async function requirePublisher({ ctx, caller }: Asked): Promise<void> {
  requireAnywhere(caller.actor, 'deployment.request');
  if (await ownsAny(ctx.db, caller.actor.userId)) return;
  throw new ServiceError(
    'forbidden',
    'not_an_owner',
    `You own no namespace of this gallery. An owner, or an administrator, can make you one under ${TOKENS_PAGE}.`,
  );
}

/** Takes in, inspects and publishes. The same bytes once more are no change; `ovsx --skip-duplicate` knows the sentence. */
async function publish(asked: Asked): Promise<Response> {
  const { ctx, request, caller, base } = asked;
  await requirePublisher(asked);
  const bucket = rateKey(UPLOADS_OF, `user:${caller.actor.userId}`);
  await requireToken(ctx.db, bucket, UPLOADS, `At most ${UPLOADS_PER_HOUR} packages an hour.`);
  const stream = request.body ? Readable.fromWeb(request.body as NodeStream) : Readable.from([]);
  const taking = inSeat(ctx, 'stream', () => accept(ctx, stream, { kind: 'upload' }));
  const { packageId, scan, findings, outcome } = await taking.catch(async (error) => {
    if (error instanceof ServiceError && error.uncounted) await returnToken(ctx.db, bucket, UPLOADS);
    throw error;
  });
  if (outcome === 'already') await returnToken(ctx.db, bucket, UPLOADS);
  if (scan !== 'passed') {
    const first = findings.find(({ level }) => level === 'refuse') ?? findings[0];
    throw new ServiceError(
      'precondition',
      first?.code ?? 'not_passed',
      first?.sentence ?? 'The package did not pass its inspection.',
    );
  }
  const done = await publishToGallery(ctx, { packageId, by: caller.actor.userId }).catch((error) => {
    throw asOpenVsx(error);
  });
  if (done.outcome === 'already') return refused(400, 'already', `Extension ${logName(done)} is already published.`);
  const found = await readExtensions(ctx.db, {
    ids: null,
    names: [`${done.namespace}.${done.name}`.toLowerCase()],
    platform: null,
  });
  const [extension] = await whole(asked, found, null);
  const version = extension?.versions.find(({ id }) => id === done.versionId);
  const answer =
    extension && version
      ? extensionJson(base, extension, version)
      : { namespace: done.namespace, name: done.name, version: done.version };
  return json({ success: `Published ${logName(done)}`, ...answer }, 201);
}

/** What `ovsx` explains to people by its words. */
function asOpenVsx(error: unknown): unknown {
  if (!(error instanceof ServiceError) || error.code !== 'no_such_namespace') return error;
  return new ServiceError(
    'invalid',
    'unknown_publisher',
    `Unknown publisher. ${error.sentence}\nUse the 'create-namespace' command to create a namespace corresponding to your publisher name.`,
  );
}

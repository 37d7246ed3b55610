import { channel } from 'node:diagnostics_channel';
import http from 'node:http';
import { flushCompileCache } from 'node:module';
import { serverEnv } from '@/lib/env/server';
import { startWorkers } from '@/lib/jobs/runner';
import { ServiceError } from '@/lib/kernel/errors';
import { failpoint } from '@/lib/kernel/failpoint';
import { composeRuntime } from '@/lib/runtime';
import { receiveWebhook } from '@/lib/webhooks/receive';
import { serveEvents } from './event-source';
import { person } from './person';
import { runVerb } from './verbs';

// One instance of the engine, as a process of its own, so that it can be killed like one.
const runtime = await composeRuntime(serverEnv());
const stopWorkers = process.env.CHAOS_WORKS === 'no' ? async () => {} : await startWorkers(runtime, 8);

// Where exactly a request stands, only the HTTP client knows: it says so here before it returns to anybody.
const writes = (message: unknown) => (message as { request: { method: string } }).request.method !== 'GET';
channel('undici:request:create').subscribe((message) => {
  if (writes(message)) void failpoint('before-bytes-sent');
});
channel('undici:request:bodySent').subscribe((message) => {
  if (writes(message)) void failpoint('after-bytes-sent');
});

// What goes to an address that somebody typed goes another way.
channel('http.client.request.created').subscribe((message) => {
  if (!writes(message)) return;
  void failpoint('before-bytes-sent');
  (message as { request: http.ClientRequest }).request.once('finish', () => void failpoint('after-bytes-sent'));
});

const server = http.createServer(async (request, response) => {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
  const url = new URL(request.url ?? '/', 'http://worker');
  const [, kind, name = ''] = url.pathname.split('/');
  const actor = person(url.searchParams.get('person') ?? 'ana');
  try {
    if (kind === 'events') return await serveEvents(runtime, request, response);
    if (kind === 'webhook') {
      const received = await receiveWebhook(
        runtime.contextFor({ kind: 'anonymous', name: 'anonymous', ip: null }),
        name,
        body,
        new Headers(request.headers as Record<string, string>),
      );
      return response.writeHead(received.status).end(JSON.stringify(received));
    }
    const result = await runVerb(runtime.contextFor(actor), name, JSON.parse(body.toString()));
    response.writeHead(200).end(JSON.stringify(result ?? null));
  } catch (error) {
    const refused = error instanceof ServiceError;
    response
      .writeHead(refused ? 409 : 500)
      .end(JSON.stringify({ code: refused ? error.code : 'bug', sentence: String(error) }));
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`working ${typeof address === 'object' && address ? address.port : 0}\n`);
  // Node keeps what it compiled when a process ends by itself, and most of these are killed.
  flushCompileCache();
});

process.once('SIGTERM', () => {
  server.close();
  void stopWorkers()
    .then(() => runtime.close())
    .finally(() => process.exit(0));
});
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500);

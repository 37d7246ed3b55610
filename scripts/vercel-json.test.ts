import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import nextConfig from '../next.config.mjs';

/**
 * The part of the host's published schema that this project uses (https://openapi.vercel.sh/vercel.json, read 2026-11-27):
 * it refuses keys that it does not know, and so does this.
 */
const command = z.string().min(1).max(256);
const vercelJson = z.strictObject({
  $schema: z.literal('https://openapi.vercel.sh/vercel.json'),
  framework: z.literal('nextjs'),
  installCommand: command,
  buildCommand: command,
  outputDirectory: command,
  crons: z.array(
    z.strictObject({
      path: z.string().regex(/^\/.*/).min(1).max(512),
      // Five fields, all of them numbers, ranges or stars: names of days and months are not taken.
      schedule: z
        .string()
        .regex(/^[\d*,/-]+(?: [\d*,/-]+){4}$/)
        .max(256),
    }),
  ),
  functions: z.record(z.string().min(1).max(256), z.strictObject({ maxDuration: z.int().min(1).max(900) })),
});

const file = vercelJson.parse(JSON.parse(readFileSync('vercel.json', 'utf8')));
/** The route of a handler, as the folders of app/ say it. */
const handlerOf = (address: string) => path.join('app', address, 'route.server.ts');

describe('vercel.json', () => {
  test('has only keys that the host knows, and anything else would be found', () => {
    expect(vercelJson.safeParse({ ...file, builder: 'next' }).success).toBe(false);
    expect(vercelJson.safeParse({ ...file, crons: [{ path: '/x', schedule: 'daily' }] }).success).toBe(false);
  });

  test('calls addresses and limits functions that are there', () => {
    expect(file.crons.map((cron) => cron.path)).toEqual(['/api/jobs/tick']);
    for (const cron of file.crons) expect(existsSync(handlerOf(cron.path)), cron.path).toBe(true);
    const functions = Object.keys(file.functions);
    expect(functions.filter((name) => !existsSync(name))).toEqual([]);
    // The tick works for 45 s, the stream as long as it is let.
    expect(functions).toEqual(expect.arrayContaining([handlerOf('/api/jobs/tick'), handlerOf('/api/events')]));
  });

  // Next works in `.next` whenever it exports, whatever folder is named; so the server is built there too.
  test('builds either mode by this project’s own build, in the folder that both have', () => {
    expect(file.buildCommand).toBe(`AETHERSTACK_DIST_DIR=${file.outputDirectory} npm run build`);
    expect(file.outputDirectory).toBe('.next');
  });

  test('sends no headers of its own: the application’s are the same on every host', async () => {
    const headers = (await nextConfig.headers?.()) ?? [];
    expect(headers.find(({ source }) => source === '/:path*')?.headers.map(({ key }) => key)).toContain(
      'X-Frame-Options',
    );
  });
});

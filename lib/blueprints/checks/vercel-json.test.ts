import { expect, it } from 'vitest';
import { z } from 'zod';
import { blueprintFiles } from '../model/generate';
import { MATRIX, madeFiles } from '../testing/matrix';

const glob = z.string().min(1).max(256);

/** The part of the platform's documented file that ours may use; a key that is not there is refused by its build. */
const vercelJson = z.strictObject({
  $schema: z.literal('https://openapi.vercel.sh/vercel.json'),
  regions: z
    .array(z.string().regex(/^[a-z]{3}\d$/))
    .min(1)
    .optional(),
  functions: z
    .record(
      z.string().regex(/^api\/.+\.py$/),
      z.strictObject({
        maxDuration: z.int().min(1).max(300).optional(),
        memory: z.int().min(128).max(3_009).optional(),
        includeFiles: glob.optional(),
        excludeFiles: glob.optional(),
      }),
    )
    .refine((functions) => Object.keys(functions).length <= 50)
    .optional(),
  rewrites: z
    .array(z.strictObject({ source: z.string().startsWith('/'), destination: z.string().startsWith('/') }))
    .max(2_048)
    .optional(),
});

it('vercel.json has only keys that the platform knows, with values of their kind', async () => {
  const texts = (await madeFiles()).filter(({ path }) => path.endsWith('vercel.json')).map(({ text }) => text);
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) expect(vercelJson.safeParse(JSON.parse(text)).error?.issues).toBeUndefined();
});

it('every function that vercel.json names, and every address it rewrites to, is a file that is made', async () => {
  const files = await blueprintFiles(MATRIX['backend: Vercel, with an image too'] as never);
  const { functions = {}, rewrites = [] } = vercelJson.parse(
    JSON.parse(files.find(({ path }) => path === 'backend/vercel.json')?.text ?? ''),
  );
  const made = files.map(({ path }) => path);
  const named = [...Object.keys(functions), ...rewrites.map(({ destination }) => `${destination.slice(1)}.py`)];
  expect(named).toHaveLength(2);
  for (const path of named) expect(made).toContain(`backend/${path}`);
});

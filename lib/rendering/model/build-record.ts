import { z } from 'zod';

/** Where a web build publishes its record, below its base path. */
export const BUILD_RECORD_PATH = '/.well-known/aetherstack.json';

/** A record is fetched from outside, so it may be anybody's text: what is larger is not read. In bytes. */
export const MAX_BUILD_RECORD_BYTES = 512_000;

/** What needs a server, or a host that does it for us, and so cannot be exported as files. */
export const UNEXPORTABLE = [
  'server-actions',
  'proxy',
  'rewrites',
  'redirects',
  'headers',
  'image-loader',
  'isr',
  'handlers',
] as const;
export type Unexportable = (typeof UNEXPORTABLE)[number];

/**
 * `static`: a file of the build. `isr`: a file that a server makes again. `dynamic`: made for each request.
 * `handler`: an answer that is no page, made for each request.
 */
export const ROUTE_KINDS = ['static', 'isr', 'dynamic', 'handler'] as const;
export type RouteKind = (typeof ROUTE_KINDS)[number];

const MAX_ROUTES = 5_000;
const MAX_BAKED = 500;

const builtRoute = z.object({
  /** As Next writes it, without the base path: `/docs/[slug]`. */
  path: z.string().startsWith('/').max(1_024),
  kind: z.enum(ROUTE_KINDS),
  /** Of a handler, where the build says so. */
  methods: z
    .array(z.string().regex(/^[A-Z]{1,10}$/))
    .max(10)
    .optional(),
});

const bakedValue = z.object({
  name: z.string().regex(/^NEXT_PUBLIC_[A-Za-z0-9_]{1,200}$/),
  /** HMAC-SHA-256 of the value under the component's salt, in hexadecimal: equal values are seen, values are not. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * What a web build says about itself, at BUILD_RECORD_PATH of where it is served. `scripts/build-record.mjs` writes it
 * from Next's own manifests. A field that a later script adds is dropped; a `schema` of another number is refused.
 */
export const buildRecord = z.object({
  schema: z.literal(1),
  mode: z.enum(['ssr', 'ssg']),
  /** The commit in full; null when it was built from no checkout. */
  sha: z
    .string()
    .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
    .nullable(),
  builtAt: z.iso.datetime(),
  /** Empty, or with a slash in front and none at the end. */
  basePath: z
    .string()
    .regex(/^(\/[^/?#\s]+)*$/)
    .max(512),
  /** What the deployment told the build to say; null when it said nothing. */
  marker: z.string().min(1).max(200).nullable(),
  routes: z.array(builtRoute).max(MAX_ROUTES),
  features: z.array(z.enum(UNEXPORTABLE)).max(UNEXPORTABLE.length),
  /** Null where the build could not read them all. */
  baked: z.array(bakedValue).max(MAX_BAKED).nullable(),
  /** Names that the build was told not to compare; left out where there are none. */
  leftOut: z.array(bakedValue.shape.name).max(MAX_BAKED).optional(),
  /** Tells one salt from another, not what it is; left out in a record of before it was told. */
  salt: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullish(),
});

export type BuildRecord = z.output<typeof buildRecord>;
export type BuiltRoute = BuildRecord['routes'][number];

/** The record in a text; null for anything else, whoever sent it. */
export function readBuildRecord(text: string): BuildRecord | null {
  if (text.length > MAX_BUILD_RECORD_BYTES) return null;
  try {
    return buildRecord.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

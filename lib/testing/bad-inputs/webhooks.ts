import type { HookSample } from '@/lib/providers/port';

export const SECRETS = { now: 'the-new-secret-of-this-hook', before: 'the-old-secret-of-this-hook' };

export interface SignatureCase {
  name: string;
  /** What stands in the signature's header; null = no header. */
  header(raw: Uint8Array): string | null;
  /** What the console holds. */
  secrets: string[];
  status: 202 | 401 | 503;
}

const NOW = [SECRETS.now];

/** D1: signatures as one vendor writes them, and everything near them. */
export function signaturesOf({ sign, signatures }: HookSample): SignatureCase[] {
  const right = (raw: Uint8Array) => sign(raw, SECRETS.now);
  const refused = (name: string, header: SignatureCase['header']): SignatureCase => ({
    ...{ name, header, secrets: NOW, status: 401 },
  });
  return [
    { name: 'the right one', header: right, secrets: NOW, status: 202 },
    refused('none', () => null),
    refused('an empty one', () => ''),
    refused('upper case', (raw) => right(raw).toUpperCase()),
    refused('one character short', (raw) => right(raw).slice(0, -1)),
    refused('one byte more', (raw) => `${right(raw)}00`),
    refused('the header twice', (raw) => `${right(raw)}, ${right(raw)}`),
    refused('letters that are none of its own', (raw) => right(raw).replace(/.{8}$/, 'é'.repeat(8))),
    refused('another secret', (raw) => sign(raw, 'not-the-secret-of-it')),
    refused('of other bytes', (raw) => right(Buffer.concat([raw, Buffer.from(' ')]))),
    refused('of the same JSON, written anew', (raw) =>
      right(Buffer.from(JSON.stringify(JSON.parse(Buffer.from(raw).toString()), null, 1))),
    ),
    { name: 'an empty secret', header: (raw) => sign(raw, ''), secrets: [''], status: 401 },
    {
      name: 'the former secret while it rotates',
      header: (raw) => sign(raw, SECRETS.before),
      secrets: [SECRETS.now, SECRETS.before],
      status: 202,
    },
    refused('the former secret afterwards', (raw) => sign(raw, SECRETS.before)),
    { name: 'any, with no secret set', header: right, secrets: [], status: 503 },
    ...signatures.map(({ name, header }) => refused(name, (raw) => header(raw, SECRETS.now))),
  ];
}

export type BodyCase = HookSample['bodies'][number];

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const text = (value: string) => Buffer.from(value);

/** D2: bodies that are signed and odd all the same. 400 = "signed, but not a payload that can be read". */
export function bodiesOf({ body, bodies }: HookSample): BodyCase[] {
  const inside = JSON.stringify(body).slice(1);
  const padded = (bytes: number) => {
    const empty = json({ ...body, padding: '' }).byteLength;
    return json({ ...body, padding: 'x'.repeat(bytes - empty) });
  };
  return [
    { name: 'nothing', body: () => text(''), status: 400 },
    { name: 'one byte', body: () => text('x'), status: 400 },
    { name: 'one byte below the cap', body: () => padded(5 * 1024 * 1024 - 1), status: 202 },
    { name: 'as much as the cap', body: () => padded(5 * 1024 * 1024), status: 202 },
    {
      name: 'compressed bytes',
      body: () => Buffer.from('1f8b0800000000000003abae050043bfa6a302000000', 'hex'),
      headers: { 'content-encoding': 'gzip' },
      status: 400,
    },
    { name: 'bad UTF-8', body: () => Buffer.from([0x22, 0xff, 0xfe, 0x22]), status: 400 },
    {
      name: 'a byte order mark',
      body: () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), json(body)]),
      status: 202,
    },
    { name: 'a NUL between', body: () => text('{"a":\u0000 1}'), status: 400 },
    {
      name: 'brackets 10,000 deep',
      body: () => text(`{"x":${'['.repeat(10_000)}${']'.repeat(10_000)},${inside}`),
      status: 202,
    },
    { name: 'a prototype', body: () => text(`{"__proto__":{"polluted":1},${inside}`), status: 202 },
    {
      name: 'a form',
      body: () => text(`payload=${encodeURIComponent(JSON.stringify(body))}`),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      status: 400,
    },
    { name: 'a list', body: () => json([body]), status: 400 },
    { name: 'null', body: () => text('null'), status: 400 },
    ...bodies,
  ];
}

/** Sizes around the cap, as they come over the wire: [what, bytes, Content-Length, read?]. */
export const SIZES: [string, number, string | null, boolean][] = [
  ['one byte below the cap', 999, '999', true],
  ['the cap', 1_000, '1000', true],
  ['one byte over', 1_001, '1001', false],
  ['over, in pieces without a length', 1_001, null, false],
  ['over, with a length that lies', 1_001, '10', false],
  ['small, with a length that boasts', 10, '1001', false],
];

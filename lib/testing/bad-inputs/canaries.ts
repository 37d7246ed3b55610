import { randomBytes } from 'node:crypto';

const random = (bytes = 24) => randomBytes(bytes).toString('base64url');

/**
 * D17: 31 secrets that must turn up nowhere. `shape` = known by its looks wherever it stands; `held` = has no looks, but
 * the process holds it as a `Secret`. Built from parts, so that scanners of this repository do not take them for real.
 */
export const CANARIES: { name: string; kind: 'shape' | 'held'; value: string }[] = [
  { name: 'a personal token', kind: 'shape', value: `gh${'p_'}${'A1b2'.repeat(9)}` },
  { name: 'an installation token', kind: 'shape', value: `gh${'s_'}${'C3d4'.repeat(9)}` },
  { name: 'a user token', kind: 'shape', value: `gh${'u_'}${'E5f6'.repeat(9)}` },
  { name: 'a refresh token', kind: 'shape', value: `gh${'r_'}${'G7h8'.repeat(9)}` },
  { name: 'a fine-grained token', kind: 'shape', value: `github_${'pat_'}${'E5f6_'.repeat(12)}` },
  { name: 'a token of another forge', kind: 'shape', value: `gl${'pat-'}${'i9J0'.repeat(6)}` },
  { name: 'a registry token', kind: 'shape', value: `np${'m_'}${'K1l2'.repeat(9)}` },
  { name: 'a key of a model host', kind: 'shape', value: `s${'k-'}${'m3N4'.repeat(10)}` },
  { name: 'a chat token', kind: 'shape', value: `xo${'xb-'}${'o5P6'.repeat(8)}` },
  { name: 'a cloud access key', kind: 'shape', value: `AK${'IA'}ABCDEFGHIJKLMNOP` },
  { name: 'a web token', kind: 'shape', value: `ey${'JhbGciOiJIUzI1NiJ9'}.ey${'JzdWIiOiIxIn0xxxx'}.c2lnbmF0dXJl` },
  {
    name: 'a private key',
    kind: 'shape',
    value: `-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIEow${'a'.repeat(60)}\n-----END RSA ${'PRIVATE'} KEY-----`,
  },
  {
    name: 'the key in a key file',
    kind: 'shape',
    value: JSON.stringify({
      private_key: `-----BEGIN ${'PRIVATE'} KEY-----\nMIIEvQ${'Ab1'.repeat(30)}\n-----END ${'PRIVATE'} KEY-----\n`,
    }),
  },
  {
    name: 'a sealed value',
    kind: 'shape',
    value: `v1.0123456789ab.${'w'.repeat(80)}.${'i'.repeat(16)}.${'t'.repeat(22)}.${'c'.repeat(30)}`,
  },
  { name: 'a bearer header', kind: 'shape', value: `Bearer ${'q7'.repeat(12)}` },
  { name: 'a basic header', kind: 'shape', value: `Basic ${'cTc='.repeat(1)}${'cTdx'.repeat(6)}` },
  { name: 'a database password', kind: 'shape', value: `postgres://ada:${'hunter2secret'}@db.example:5432/x` },
  { name: 'a gallery token', kind: 'shape', value: `ae${'g_'}${'R1s2'.repeat(12)}q` },
  { name: 'an access token of a cloud', kind: 'shape', value: `ya${'29.'}c.${'S3t4'.repeat(16)}` },
  { name: 'a token of a platform', kind: 'shape', value: `HR${'KU-'}AA${'t5U6'.repeat(14)}` },
  { name: 'a webhook secret', kind: 'held', value: random(32) },
  { name: 'the secret of a cloud access key', kind: 'held', value: randomBytes(30).toString('base64') },
  { name: 'a login that was made for a registry', kind: 'held', value: randomBytes(150).toString('base64') },
  { name: 'a token without looks', kind: 'held', value: random(30) },
  { name: 'a hexadecimal token', kind: 'held', value: randomBytes(20).toString('hex') },
  { name: 'a password with signs', kind: 'held', value: `p&ss "w0rd"\\ ${random(6)}/+=` },
  { name: 'a password in letters of elsewhere', kind: 'held', value: `пароль-${random(6)}-ключ` },
  { name: 'a client secret', kind: 'held', value: random(40) },
  { name: 'a signing secret', kind: 'held', value: `whsec_${randomBytes(24).toString('base64')}` },
  { name: 'a hook address', kind: 'held', value: `https://hooks.example.com/services/T0/B0/${random(18)}` },
  { name: 'a long key', kind: 'held', value: random(300) },
];

/** How a secret may be written down by somebody who never meant to. */
export const FORMS: Record<string, (value: string) => string> = {
  plain: (value) => value,
  base64: (value) => Buffer.from(value).toString('base64'),
  'base64 behind a user name': (value) => Buffer.from(`ada:${value}`).toString('base64'),
  'base64 for addresses': (value) => Buffer.from(value).toString('base64url'),
  'in an address': (value) => encodeURIComponent(value),
  hexadecimal: (value) => Buffer.from(value).toString('hex'),
  'in JSON': (value) => JSON.stringify(value),
};

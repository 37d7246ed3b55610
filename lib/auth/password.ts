import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 64 MiB and about 100 ms on one core; written into every hash, so it can be raised without losing anybody. */
const COST = { N: 2 ** 16, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** What a hash in the database may ask of us at most, whoever wrote it. */
const MAX_LOG_N = 18;
const MAX_MEMORY = 300 * 1024 * 1024;

interface Cost {
  N: number;
  r: number;
  p: number;
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { ...cost, maxmem: MAX_MEMORY }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** `$scrypt$ln=16,r=8,p=1$salt$key`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  const cost = `ln=${Math.log2(COST.N)},r=${COST.r},p=${COST.p}`;
  return `$scrypt$${cost}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

function parseHash(hash: string): { cost: Cost; salt: Buffer; key: Buffer } | null {
  const found = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{16,64})\$([\w-]{43})$/.exec(hash);
  if (!found) return null;
  const [logN, r, p] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (logN < 10 || logN > MAX_LOG_N || r !== 8 || p < 1 || p > 4) return null;
  return {
    cost: { N: 2 ** logN, r, p },
    salt: Buffer.from(found[4] ?? '', 'base64url'),
    key: Buffer.from(found[5] ?? '', 'base64url'),
  };
}

const nobody = { cost: COST, salt: Buffer.alloc(SALT_BYTES, 7), key: Buffer.alloc(KEY_BYTES) };

/** Takes as long for nobody (null) as for somebody, so the time does not tell which logins exist. */
export async function verifyPassword(hash: string | null, password: string): Promise<boolean> {
  const known = hash === null ? null : parseHash(hash);
  const { cost, salt, key } = known ?? nobody;
  const derived = await derive(password, salt, cost);
  return timingSafeEqual(derived, key) && known !== null;
}

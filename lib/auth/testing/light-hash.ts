import { scryptSync } from 'node:crypto';

/**
 * What `hashPassword` would keep of a password, at the least cost that it accepts of a kept hash: 1 MiB and about 2 ms.
 * For who tests what follows from the right password; what a hash costs is shown by password.test.ts.
 */
export function lightHash(password: string): string {
  const salt = Buffer.alloc(16, 3);
  const key = scryptSync(password.normalize('NFKC'), salt, 32, { N: 2 ** 10, r: 8, p: 1 });
  return `$scrypt$ln=10,r=8,p=1$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

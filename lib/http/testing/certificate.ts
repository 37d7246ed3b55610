import { generateKeyPairSync, sign } from 'node:crypto';

/** ASN.1 DER, as much of it as a certificate needs. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length: n } = body;
  // The shortest form only: Go refuses a longer one.
  const length = Buffer.from(n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
}
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const text = (tag: number, value: string) => der(tag, Buffer.from(value));
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes));
const bits = (value: Buffer) => der(0x03, Buffer.from([0]), value);

export interface CertifiedKey {
  /** PEM */
  cert: string;
  /** PKCS #8, PEM. */
  key: string;
}

interface Wanted {
  /** Common name. */
  name: string;
  /** From 2020 until 2049 unless said otherwise. */
  from?: Date | undefined;
  until?: Date | undefined;
  extension: Buffer;
}

const nameOf = (commonName: string) => sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), text(0x0c, commonName))));
const utcTime = (at: Date) => text(0x17, `${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`);
const FROM = new Date('2020-01-01T00:00:00Z');
const UNTIL = new Date('2049-12-31T23:59:59Z');
const isAuthority = () =>
  sequence(oid(0x55, 0x1d, 0x13), der(0x01, Buffer.from([0xff])), der(0x04, sequence(der(0x01, Buffer.from([0xff])))));
const forHost = (host: string) => sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(text(0x82, host))));

/** RFC 5280, section 4.1; signed by itself where nobody else is named. */
function certified({ name, from = FROM, until = UNTIL, extension }: Wanted, by?: Authority): CertifiedKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaSha256,
    nameOf(by?.name ?? name),
    sequence(utcTime(from), utcTime(until)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  );
  const signature = sign('sha256', body, by?.key ?? privateKey);
  const base64 = sequence(body, ecdsaSha256, bits(signature)).toString('base64');
  const cert = `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** A certificate that signs itself, for one host name, with its key; valid until 2049. */
export function selfSigned(host: string): CertifiedKey {
  return certified({ name: host, extension: forHost(host) });
}

export interface Authority extends CertifiedKey {
  name: string;
}

/** Who signs others: a root, or an intermediate where `by` is given. */
export function makeAuthority(name: string, more: { from?: Date; until?: Date; by?: Authority } = {}): Authority {
  return { name, ...certified({ name, from: more.from, until: more.until, extension: isAuthority() }, more.by) };
}

/** The certificate of a server with that host name. */
export function signedBy(authority: Authority, host: string, until?: Date): CertifiedKey {
  return certified({ name: host, until, extension: forHost(host) }, authority);
}

import { createHash } from 'node:crypto';
import { crc32, gzipSync } from 'node:zlib';

export interface Packed {
  name: string;
  text?: string;
  /** `0` file, `5` folder, `2` symbolic link, `1` hard link. */
  type?: string;
  link?: string;
}

function header({ name, text = '', type = '0', link = '' }: Packed): Buffer {
  const block = Buffer.alloc(512);
  block.write(name.slice(0, 100), 0);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${Buffer.byteLength(text).toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write(link, 157);
  block.write('ustar\0', 257);
  block.write('00', 263);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A .tar.gz (or a plain tar) as anybody may make one, links and names that lead out included. */
export function tarOf(entries: Packed[], form: 'gzip' | 'plain' = 'gzip'): Buffer {
  const blocks = entries.flatMap((entry) => {
    const text = Buffer.from(entry.text ?? '');
    return [header(entry), text, Buffer.alloc((512 - (text.length % 512)) % 512)];
  });
  const whole = Buffer.concat([...blocks, Buffer.alloc(1_024)]);
  return form === 'gzip' ? gzipSync(whole) : whole;
}

/** A .zip of one file that is not compressed. */
export function zipOf(name: string, text: string): Buffer {
  const [named, data] = [Buffer.from(name), Buffer.from(text)];
  const about = Buffer.alloc(26);
  about.writeUInt16LE(20, 0);
  about.writeUInt32LE(crc32(data), 10);
  about.writeUInt32LE(data.length, 14);
  about.writeUInt32LE(data.length, 18);
  about.writeUInt16LE(named.length, 22);
  const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), about, named, data]);
  const entry = Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 3]), about, Buffer.alloc(14), named]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

/** A server that says which build it is, how it runs, and is slow where it is asked to. */
const SERVER = (name: string, status: number) => `
const http = require('node:http');
const server = http.createServer((request, response) => {
  const slow = /^\\/slow\\/(\\d+)$/.exec(request.url);
  const answer = () => {
    response.writeHead(request.url.startsWith('/other') ? 404 : ${status}, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ build: ${JSON.stringify(name)}, pid: process.pid, secret: process.env.API_KEY ?? null }));
  };
  if (slow) setTimeout(answer, Number(slow[1])); else answer();
});
console.log('listening as ${name}', process.env.API_KEY ?? '');
server.listen(Number(process.env.PORT), process.env.HOSTNAME);
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

export interface Build {
  bytes: Buffer;
  sha256: string;
}

const digested = (bytes: Buffer): Build => ({ bytes, sha256: createHash('sha256').update(bytes).digest('hex') });

export const serverBuild = (name: string, status = 200): Build =>
  digested(
    tarOf([
      { name: 'server.js', text: SERVER(name, status) },
      { name: '.next/BUILD_ID', text: name },
    ]),
  );

export const staticBuild = (name: string): Build =>
  digested(
    tarOf([
      { name: 'index.html', text: `<h1>${name}</h1>` },
      { name: '404.html', text: '<h1>lost</h1>' },
      { name: 'docs/index.html', text: '<h1>docs</h1>' },
      { name: '_next/static/a.js', text: 'let a' },
      { name: '.secret', text: 'hidden' },
    ]),
  );

export const buildOf = digested;

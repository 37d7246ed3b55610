import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { connectWhenUp } from './connect';

const server = net.createServer();
afterEach(() => server.close());

/** A FATAL answer of the protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html (ErrorResponse). */
function fatal(code: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0Mthe database system is starting up\0\0`);
  const head = Buffer.from([0x45, 0, 0, 0, fields.length + 4]);
  return Buffer.concat([head, fields]);
}

/** The real server behind a door that says `answers` to the first who come. */
async function door(answers: string[]): Promise<string> {
  const real = new URL(process.env.TEST_DATABASE_URL ?? '');
  const realPort = Number(real.port);
  server.removeAllListeners('connection');
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    const code = answers.shift();
    if (code) {
      socket.once('data', () => socket.end(fatal(code)));
      return;
    }
    const through = net.connect(realPort, real.hostname);
    through.on('error', () => socket.destroy());
    socket.pipe(through).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  real.port = String(port);
  return real.toString();
}

test('a database that is starting is waited for', async () => {
  const client = await connectWhenUp({ connectionString: await door(['57P03', '57P03']) });
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await client.end();
});

test('what waiting does not mend is thrown at once, and a database that never comes after its time', async () => {
  await expect(connectWhenUp({ connectionString: await door(['28P01']) })).rejects.toMatchObject({ code: '28P01' });
  const nobody = connectWhenUp({ connectionString: 'postgres://nobody@127.0.0.1:1/none' }, 0);
  await expect(nobody).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

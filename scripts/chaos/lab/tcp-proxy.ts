import net from 'node:net';

export interface TcpProxy {
  port: number;
  /** Nothing passes any more and nothing is closed: what a lost route or a silent firewall looks like. */
  blackHole(): void;
  /** As before. Connections that fell into the hole stay there, as they would. */
  mend(): void;
  /** Connections that are open on our side. */
  open(): number;
  close(): Promise<void>;
}

/** Between a worker and its Postgres. */
export async function tcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<net.Socket>();
  const lost = new Set<net.Socket>();
  let silent = false;
  const server = net.createServer((near) => {
    sockets.add(near);
    near.on('error', () => {});
    near.once('close', () => sockets.delete(near));
    if (silent) {
      lost.add(near);
      near.pause();
      return;
    }
    const far = net.connect(targetPort, '127.0.0.1');
    sockets.add(far);
    far.on('error', () => {});
    join(near, far);
    join(far, near);
  });
  function join(from: net.Socket, to: net.Socket): void {
    from.on('data', (chunk) => {
      if (!lost.has(from)) to.write(chunk);
    });
    // In the hole not even the end of a connection is heard.
    from.once('close', () => {
      sockets.delete(from);
      if (!lost.has(from)) to.destroy();
    });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    blackHole: () => {
      silent = true;
      for (const each of sockets) lost.add(each);
    },
    mend: () => {
      silent = false;
    },
    open: () => sockets.size,
    close: async () => {
      for (const each of sockets) each.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

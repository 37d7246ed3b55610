import { defineProvider } from '../port';
import { verifyCredential } from './credential';
import { asClient, createNamespace, installs, look, namespace, send } from './gallery';
import { manifest } from './manifest';

/** Open VSX and every registry with its API: each promised capability and the function that keeps the promise. */
export const provider = defineProvider(
  manifest,
  {
    publish: {
      send: (c, _, wanted) => send(c, wanted),
      look: (c, _, wanted) => look(c, wanted),
      asClient: (c, _, wanted) => asClient(c, wanted),
      installs: (c, _, extension) => installs(c, extension),
      namespace,
      createNamespace,
    },
  },
  verifyCredential,
);

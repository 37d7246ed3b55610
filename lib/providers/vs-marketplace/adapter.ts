import { defineProvider } from '../port';
import { verifyCredential } from './credential';
import { asClient, installs, look, lookAsClient, send, unpublish } from './gallery';
import { hasToken, manifest } from './manifest';
import { runOf, through } from './workflow-way';

/** The VS Marketplace by a publisher's token: each promised capability and the function that keeps the promise. */
export const provider = defineProvider(
  manifest,
  {
    publish: {
      send: (c, _, wanted) => send(c, wanted),
      through,
      look: (c, config, wanted) => (runOf(config) ? lookAsClient(c, wanted) : look(c, wanted)),
      lookAsClient: (c, _, wanted) => lookAsClient(c, wanted),
      asClient: (c, _, wanted) => asClient(c, wanted),
      unpublish: (c, _, extension) => unpublish(c, extension),
      mayUnpublish: ({ credential }) => hasToken(credential),
      installs: (c, _, extension) => installs(c, extension),
    },
  },
  verifyCredential,
);

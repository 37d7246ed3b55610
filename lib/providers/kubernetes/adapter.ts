import { defineProvider } from '../port';
import { listSettings, removeSetting, writeSetting } from './configuration';
import { verifyCredential } from './credential';
import { manifest } from './manifest';
import { readPlaces } from './reads';
import { workloadOf } from './target';

/** A Kubernetes cluster: each promised capability and the function that keeps the promise. */
export const provider = defineProvider(
  manifest,
  {
    configuration: {
      reads: (c, config) => readPlaces(c, workloadOf(config)),
      list: listSettings,
      write: writeSetting,
      remove: removeSetting,
    },
  },
  verifyCredential,
);

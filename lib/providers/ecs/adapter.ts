import { defineProvider } from '../port';
import { listSettings, readPlaces, removeSetting, writeSetting } from './configuration';
import { verifyCredential } from './credential';
import { manifest } from './manifest';
import { placeOf } from './target';

/** Amazon ECS: the variables of a service's container, and the names of the secrets that it refers to. */
export const provider = defineProvider(
  manifest,
  {
    configuration: {
      reads: (c, config) => readPlaces(c, placeOf(config)),
      list: listSettings,
      write: writeSetting,
      remove: removeSetting,
    },
  },
  verifyCredential,
);

import { defineProvider } from '../port';
import { listSettings, readPlaces, removeSetting, writeSetting } from './config-vars';
import { verifyCredential } from './credential';
import { manifest } from './manifest';
import { placeOf } from './target';

/** Heroku's Platform API: the config vars of an app. */
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

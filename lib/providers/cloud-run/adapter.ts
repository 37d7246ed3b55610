import { defineProvider } from '../port';
import { listSettings, readPlaces, removeSetting, writeSetting } from './configuration';
import { verifyCredential } from './credential';
import { manifest } from './manifest';

/** The Cloud Run Admin API v2: each promised capability and the function that keeps the promise. */
export const provider = defineProvider(
  manifest,
  { configuration: { reads: readPlaces, list: listSettings, write: writeSetting, remove: removeSetting } },
  verifyCredential,
);

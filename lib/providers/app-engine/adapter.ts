import { defineProvider } from '../port';
import { listSettings, readPlaces, refuseChange } from './configuration';
import { verifyCredential } from './credential';
import { manifest } from './manifest';

/** The App Engine Admin API v1: each promised capability and the function that keeps the promise. */
export const provider = defineProvider(
  manifest,
  { configuration: { reads: readPlaces, list: listSettings, write: refuseChange, remove: refuseChange } },
  verifyCredential,
);

import { defineProvider, writeModeVariable } from '../port';
import { listSettings, readPlaces, removeSetting, writeSetting } from './configuration';
import { verifyCredential } from './credential';
import { check, findByMarker, trigger } from './deploy';
import { offer, readAddresses, readPreview, readServing, serve } from './hosting';
import { readLive } from './live';
import { readLog } from './logs';
import { manifest } from './manifest';
import { modeVariable, readMode } from './rendering';
import { cancel, observe } from './runs';
import { parseServiceStatus } from './service-status';
import { placeOf } from './target';
import { readVitals } from './vitals';
import { authenticate, parse } from './webhook';

/** Vercel's REST API: each promised capability and the function that keeps the promise. */
export const provider = defineProvider(
  manifest,
  {
    deploy: {
      trigger: (c, config, request) => trigger(c, placeOf(config), request),
      check: (c, config, revision) => check(c, placeOf(config), revision),
      findByMarker: (c, config, marker, sinceMs) => findByMarker(c, placeOf(config), marker, sinceMs),
    },
    status: { observe: (c, config, ref) => observe(c, placeOf(config), ref) },
    cancel: { cancel: (c, config, ref) => cancel(c, placeOf(config), ref) },
    logs: { read: (c, config, jobId, cursor) => readLog(c, placeOf(config), jobId, cursor) },
    rollback: {},
    promote: {
      offer: (c, config, ref) => offer(c, placeOf(config), ref),
      promote: (c, config, ref) => serve(c, placeOf(config), ref, 'promote'),
      restore: (c, config, ref) => serve(c, placeOf(config), ref, 'restore'),
      serving: (c, config) => readServing(c, placeOf(config)),
    },
    previews: { read: (c, config, ref) => readPreview(c, placeOf(config), ref) },
    configuration: {
      reads: (c, config) => readPlaces(c, placeOf(config)),
      list: listSettings,
      write: writeSetting,
      remove: removeSetting,
    },
    domains: { read: (c, config) => readAddresses(c, placeOf(config)) },
    serviceStatus: { parse: parseServiceStatus },
    live: { read: (c, config) => readLive(c, placeOf(config)) },
    rendering: {
      read: (c, config, ref) => readMode(c, placeOf(config), ref),
      write: (c, config, ref, mode) => writeModeVariable(modeVariable(c, placeOf(config), ref), mode),
    },
    vitals: { read: (c, config) => readVitals(c, placeOf(config)) },
    webhooks: { authenticate, parse },
  },
  verifyCredential,
);

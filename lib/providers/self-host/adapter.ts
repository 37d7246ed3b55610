import { defineProvider } from '../port';
import { verifyCredential } from './credential';
import { check, findByMarker, trigger } from './deploy';
import { listVariables, readPlaces, removeVariable, writeVariable } from './environment';
import { offer, readAddresses, readLive, readRendering, readServing, serve } from './hosting';
import { manifest } from './manifest';
import { cancel, observe, readLog } from './runs';
import { placeOf } from './target';

/** The agent on a server of one's own: each promised capability and the function that keeps the promise. */
export const provider = defineProvider(
  manifest,
  {
    deploy: {
      trigger: (c, config, request) => trigger(c, placeOf(config), request),
      check: (c, config, revision) => check(c, placeOf(config), revision),
      findByMarker: (c, config, marker) => findByMarker(c, placeOf(config), marker),
    },
    status: { observe: (c, config, ref) => observe(c, placeOf(config), ref) },
    cancel: { cancel: (c, config, ref) => cancel(c, placeOf(config), ref) },
    logs: { read: (c, config, jobId, cursor) => readLog(c, placeOf(config), jobId, cursor) },
    rollback: {},
    live: { read: (c, config) => readLive(c, placeOf(config)) },
    promote: {
      offer: (c, config, ref) => offer(c, placeOf(config), ref),
      promote: (c, config, ref) => serve(c, placeOf(config), ref, 'promote'),
      restore: (c, config, ref) => serve(c, placeOf(config), ref, 'restore'),
      serving: (c, config) => readServing(c, placeOf(config)),
    },
    domains: { read: (c, config) => readAddresses(c, placeOf(config)) },
    rendering: { read: (c, config) => readRendering(c, placeOf(config)) },
    configuration: {
      reads: (c, config) => readPlaces(c, placeOf(config)),
      list: listVariables,
      write: writeVariable,
      remove: removeVariable,
    },
  },
  verifyCredential,
);

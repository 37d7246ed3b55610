import { defineProvider } from '../port';
import { createRecord, findRecord, markCommit, sayRecord } from './announcements';
import { downloadArtifact, listArtifacts } from './artifacts';
import { readCapacity, readWaits } from './capacity';
import { sayCheck } from './check-marks';
import { compareRefs, listCommits, readCommit } from './commits';
import { listSettings, removeSetting, writeSetting } from './configuration';
import { readPlaces } from './configuration-reads';
import { verifyCredential } from './credential';
import { findByMarker, trigger } from './deploy';
import { preventsSelfReview, readEnvironments } from './environments';
import { listFiles, textOf } from './files';
import { answerGate, readAnswers, readWaiting } from './gates';
import { comesTo, leadsTo } from './leads-to';
import { readLive } from './live';
import { readLog } from './logs';
import { manifest } from './manifest';
import { changesOf } from './proposal-changes';
import { propose, readForProposal } from './proposals';
import { FULL_SHA, findRef, searchRefs } from './refs';
import {
  createRelease,
  createTag,
  generateNotes,
  listReleases,
  listTags,
  publishRelease,
  releaseByTag,
  tagSha,
} from './releases';
import { readRendering } from './rendering';
import { cancel, observe, retry } from './runs';
import { parseServiceStatus } from './service-status';
import { changeSite, readPublication, readServed, readSite } from './site';
import { listRepositories, nameOfNow, resolveRevision } from './source';
import { readAddresses } from './static-host';
import { subjectOf } from './subject';
import { placeOf } from './target';
import { authenticate, parse } from './webhook';
import { markObstacles, recordObstacles } from './workflow-records';
import { listWorkflows, readForm } from './workflows';

/** GitHub Actions through octokit: each promised capability and the function that keeps the promise. */
export const provider = defineProvider(
  manifest,
  {
    source: {
      repositories: listRepositories,
      called: nameOfNow,
      refs: (c, config, query) => searchRefs(c, placeOf(config), query),
      commits: (c, config, ref, page) => listCommits(c, placeOf(config), ref, page),
      commit: (c, config, sha, asked) => readCommit(c, placeOf(config), sha, asked),
      resolve: (c, config, ref) => resolveRevision(c, placeOf(config), ref),
      compare: (c, config, base, head, only) => compareRefs(c, placeOf(config), base, head, only),
    },
    workflows: {
      list: listWorkflows,
      form: async (c, config, ref) => {
        const place = placeOf(config);
        // `name@sha` runs the file at the newest commit of `name`; only a bare sha is read as it stands.
        const name = ref.replace(/@[0-9a-f]{40}$/, '');
        return readForm(c, place, FULL_SHA.test(name) ? name : (await findRef(c, place, name)).sha);
      },
      leadsTo,
      comesTo,
    },
    deploy: {
      trigger: (c, config, request) => trigger(c, placeOf(config), request),
      findByMarker: (c, config, marker, sinceMs) => findByMarker(c, placeOf(config), marker, sinceMs),
    },
    status: { observe: (c, config, ref) => observe(c, placeOf(config), ref) },
    cancel: { cancel: (c, config, ref) => cancel(c, placeOf(config), ref) },
    retry: { retry: (c, config, ref) => retry(c, placeOf(config), ref) },
    logs: { read: (c, config, jobId, cursor) => readLog(c, placeOf(config), jobId, cursor) },
    artifacts: {
      list: (c, config, ref) => listArtifacts(c, placeOf(config), ref),
      download: (c, config, id, maxBytes) => downloadArtifact(c, placeOf(config), id, maxBytes),
    },
    rollback: {},
    files: {
      list: (c, config, sha, folder) => listFiles(c, placeOf(config), sha, folder),
      text: (c, config, id) => textOf(c, placeOf(config), id),
    },
    live: { read: (c, config, places) => readLive(c, placeOf(config), places) },
    proposals: { read: readForProposal, changes: changesOf, subject: subjectOf, propose },
    announcements: {
      obstacles: (c, config, at) => recordObstacles(c, placeOf(config), at),
      markObstacles: (c, config, as) => markObstacles(c, placeOf(config), as),
      find: (c, config, wanted) => findRecord(c, placeOf(config), wanted),
      create: (c, config, wanted) => createRecord(c, placeOf(config), wanted),
      say: (c, config, record, said) => sayRecord(c, placeOf(config), record, said),
      mark: (c, config, sha, name, said) => markCommit(c, placeOf(config), sha, name, said),
      check: (c, config, wanted, said) => sayCheck(c, placeOf(config), wanted, said),
    },
    releases: {
      list: listReleases,
      byTag: releaseByTag,
      tag: tagSha,
      tags: listTags,
      createTag,
      notes: generateNotes,
      create: createRelease,
      publish: publishRelease,
    },
    site: {
      read: readSite,
      change: changeSite,
      served: readServed,
      publication: (c, config, ref) => readPublication(c, placeOf(config), ref),
    },
    capacity: { read: readCapacity, waits: (c, config, ref) => readWaits(c, placeOf(config), ref) },
    serviceStatus: { parse: parseServiceStatus },
    configuration: {
      reads: (c, config, environment) => readPlaces(c, placeOf(config), environment),
      list: listSettings,
      write: writeSetting,
      remove: removeSetting,
    },
    environments: {
      read: (c, config, ref) => readEnvironments(c, placeOf(config), ref),
      preventsSelfReview: (c, config, name) => preventsSelfReview(c, placeOf(config), name),
    },
    gates: {
      waiting: (c, config, ref) => readWaiting(c, placeOf(config), ref),
      answers: (c, config, ref) => readAnswers(c, placeOf(config), ref),
      answer: (c, config, ref, review) => answerGate(c, placeOf(config), ref, review),
    },
    domains: { read: (c, config) => readAddresses(c, placeOf(config)) },
    rendering: { read: (c, config, ref) => readRendering(c, placeOf(config), ref) },
    webhooks: { authenticate, parse },
  },
  verifyCredential,
);

import { PUBLIC_STATES, type PublicPlace, type PublicRelease, type PublicStatus } from './status';

const LONGEST = 200;
const MOST = 500;

/**
 * What somebody's file says, as far as it is what we serve; null for anything else. By hand, because a schema library
 * would weigh more than the page that reads it.
 */
export function readPublicStatus(value: unknown): PublicStatus | null {
  const { schema, at, places, releases } = fields(value);
  if (schema !== 1 || !isMoment(at) || !Array.isArray(places) || !Array.isArray(releases)) return null;
  return {
    schema,
    at,
    places: places.slice(0, MOST).flatMap(placeIn),
    releases: releases.slice(0, MOST).flatMap(releaseIn),
  };
}

function placeIn(value: unknown): PublicPlace[] {
  const { component, environment, label, version, sha, since, state } = fields(value);
  const known = PUBLIC_STATES.find((each) => each === state);
  if (!isText(component) || !isText(environment) || !known) return [];
  return [
    {
      component,
      environment,
      label: isText(label) ? label : '',
      version: isText(version) ? version : null,
      sha: isText(sha) ? sha : null,
      since: isMoment(since) ? since : null,
      state: known,
    },
  ];
}

function releaseIn(value: unknown): PublicRelease[] {
  const { component, environment, label, version, sha, at, restored } = fields(value);
  if (!isText(component) || !isText(environment) || !isText(version) || !isText(sha) || !isMoment(at)) return [];
  return [{ component, environment, label: isText(label) ? label : '', version, sha, at, restored: restored === true }];
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST;
}

function isMoment(value: unknown): value is string {
  return isText(value) && !Number.isNaN(Date.parse(value));
}

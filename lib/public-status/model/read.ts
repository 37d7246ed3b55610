import {
  fields,
  incidentsIn,
  isMoment,
  isText,
  linksIn,
  maintenancesIn,
  uptimeIn,
} from '@/lib/status/model/read-public';
import { IMPACTS } from '@/lib/status/model/words';
import { PUBLIC_STATES, type PublicPlace, type PublicRelease, type PublicStatus } from './status';

const MOST = 500;

/**
 * What somebody's file says, as far as it is what we serve; null for anything else. By hand, because a schema library
 * would weigh more than the page that reads it.
 */
export function readPublicStatus(value: unknown): PublicStatus | null {
  const { schema, at, places, releases, incidents, maintenances, links } = fields(value);
  if (schema !== 1 || !isMoment(at) || !Array.isArray(places) || !Array.isArray(releases)) return null;
  return {
    schema,
    at,
    places: places.slice(0, MOST).flatMap(placeIn),
    releases: releases.slice(0, MOST).flatMap(releaseIn),
    // An earlier console does not say these.
    incidents: incidentsIn(incidents),
    maintenances: maintenancesIn(maintenances),
    links: linksIn(links),
  };
}

function placeIn(value: unknown): PublicPlace[] {
  const { component, environment, label, version, sha, since, state, impact, maintained, uptime } = fields(value);
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
      impact: IMPACTS.find((each) => each === impact) ?? null,
      maintained: maintained === true,
      uptime: uptimeIn(uptime),
    },
  ];
}

function releaseIn(value: unknown): PublicRelease[] {
  const { component, environment, label, version, sha, at, restored } = fields(value);
  if (!isText(component) || !isText(environment) || !isText(version) || !isText(sha) || !isMoment(at)) return [];
  return [{ component, environment, label: isText(label) ? label : '', version, sha, at, restored: restored === true }];
}

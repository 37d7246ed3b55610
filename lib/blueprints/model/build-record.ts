import type { DashboardSettings } from './settings';

/** Below the component's folder: the script that says what a build is. */
export const RECORD_SCRIPT = 'scripts/build-record.mjs';
/** After each build, in the component's folder. */
export const RECORD_COMMAND = `node ${RECORD_SCRIPT}`;

/** Keeps equal values of different components apart in what their builds publish; it is no secret. */
export function bakedSalt({ repository, name }: DashboardSettings): string {
  return `${repository}/${name}`;
}

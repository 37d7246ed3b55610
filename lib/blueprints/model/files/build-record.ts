import { type Blueprint, inside } from '../blueprint';
import { RECORD_SCRIPT } from '../build-record';
import { BUILD_RECORD_SCRIPT } from '../build-record-script.generated';
import type { DashboardSettings } from '../settings';

/** What says, where a dashboard is served, which build it is: the same script that this console's own build runs. */
export const buildRecord: Blueprint<DashboardSettings> = {
  id: 'build-record',
  version: 3,
  kind: 'dashboard',
  applies: () => true,
  render: (settings) => [{ path: inside(settings, RECORD_SCRIPT), text: BUILD_RECORD_SCRIPT }],
};

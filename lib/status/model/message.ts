import type { PublicIncident, PublicMaintenance } from './public';

export const STATUS_EVENTS = [
  'incident.opened',
  'incident.updated',
  'incident.resolved',
  'maintenance.planned',
  'maintenance.changed',
  'maintenance.begun',
  'maintenance.over',
  'maintenance.cancelled',
] as const;
export type StatusEvent = (typeof STATUS_EVENTS)[number];

/** What a subscriber of the status page gets; `type`, `timestamp` and `data` as Standard Webhooks has them. */
export interface StatusMessage {
  type: StatusEvent;
  timestamp: string;
  data: {
    /** What happened, for people: only words that are on the page. */
    sentence: string;
    /** The status page. */
    url: string;
    incident: PublicIncident | null;
    maintenance: PublicMaintenance | null;
  };
}

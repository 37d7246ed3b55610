import { z } from 'zod';
import { IMPACTS, INCIDENT_STATES, MAINTENANCE_STATES } from '@/lib/status/model/words';
import { because, id, idAndName, moment, numbered, pageOf } from './basics';

const names = { targetId: id, component: z.string(), environment: z.string(), label: z.string() };
const place = z.object({ ...names, isPublic: z.boolean() });
const state = z.enum(INCIDENT_STATES);
const version = z.number();

export const StatusPage = z.object({
  places: z.array(
    z.object({
      ...place.shape,
      publicName: z.string(),
      publicSection: z.string(),
      isMeasured: z.boolean(),
      refusal: because,
    }),
  ),
  recent: z.array(
    z.object({
      ...numbered.shape,
      component: z.string(),
      environment: z.string(),
      label: z.string(),
      version: z.string(),
      at: moment,
    }),
  ),
  freezes: z.array(idAndName),
  subscribers: z.number(),
  refusal: because,
});

export const IncidentPage = pageOf(
  z.object({
    id,
    version,
    title: z.string(),
    impact: z.enum(IMPACTS),
    state,
    startedAt: moment,
    resolvedAt: moment.nullable(),
    places: z.array(place),
    deployment: numbered.nullable(),
    by: z.string(),
    updates: z.array(z.object({ id, state, text: z.string(), at: moment, by: z.string() })),
  }),
);
export const IncidentRef = z.object({ incidentId: id, version });

export const MaintenancePage = pageOf(
  z.object({
    id,
    version,
    title: z.string(),
    text: z.string(),
    state: z.enum(MAINTENANCE_STATES),
    startsAt: moment,
    endsAt: moment,
    endedAt: moment.nullable(),
    places: z.array(place),
    freeze: idAndName.nullable(),
    by: z.string(),
  }),
);
export const MaintenanceRef = z.object({ maintenanceId: id, version });
export const MaintenanceEnded = z.object({ ...MaintenanceRef.shape, state: z.enum(['done', 'cancelled']) });

export const StatusSubscribers = z.array(
  z.object({
    id,
    origin: z.string(),
    since: moment,
    delivered: z.number(),
    pending: z.number(),
    dead: z.number(),
    trouble: because,
    stopped: z.object({ at: moment, because: z.string() }).nullable(),
  }),
);

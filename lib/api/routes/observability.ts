import { classifyCommand, setHealthCommand, undoClassificationCommand } from '@/lib/observability/commands';
import {
  doraQuery,
  doraRowsQuery,
  healthQuery,
  targetHealthQuery,
  verdictQuery,
  vitalsQuery,
} from '@/lib/observability/queries';
import { type ApiRoute, change, read } from '../route';

const one = '/deployments/{deploymentId}/classification';

export const OBSERVABILITY_ROUTES: readonly ApiRoute[] = [
  read(
    '/dora',
    doraQuery,
    'Dora',
    'The five DORA figures of a span, for all and for each component, with their rules.',
  ),
  read('/dora/rows', doraRowsQuery, 'DoraRows', 'What stands behind one figure, and why each row counts as it does.'),
  change(`POST ${one}`, classifyCommand, 'Classified', 'Say how a deployment counts in them, with a reason.'),
  change(
    `POST ${one}/undo`,
    undoClassificationCommand,
    'ClassificationUndone',
    'Take that back: the rule counts again.',
  ),
  read(
    '/deployments/{deploymentId}/verdict',
    verdictQuery,
    'Verdict',
    'Whether it is healthy or worse than before, or whether too little was measured to say; with numbers and rules.',
  ),
  read(
    '/targets/{targetId}/health',
    targetHealthQuery,
    'TargetHealth',
    'How a target is measured, and whom it can be asked of.',
  ),
  read(
    '/targets/{targetId}/vitals',
    vitalsQuery,
    'Vitals',
    'Core Web Vitals of its visits, as its host measured them; null where its provider measures none.',
  ),
  change(
    'PUT /targets/{targetId}/health',
    setHealthCommand,
    'HealthSet',
    'Say how a target is measured and judged; every question is asked once before it is stored.',
  ),
  read('/health', healthQuery, 'Health', 'Durations, success and waits over one time axis, with markers.'),
];

import { switchRenderingCommand } from '@/lib/rendering/commands';
import { preflightCountsQuery, preflightQuery, renderingQuery } from '@/lib/rendering/queries';
import { type ApiRoute, change, read } from '../route';

const one = '/targets/{targetId}/rendering';

export const RENDERING_ROUTES: readonly ApiRoute[] = [
  read('/rendering', renderingQuery, 'Rendering', 'How each web dashboard is built where, and what proves it.'),
  read(
    '/components/{slug}/rendering',
    preflightCountsQuery,
    'PreflightCounts',
    'How much stands in the way of the other mode in each of its environments, as it is live; each commit is read once.',
  ),
  read(
    one,
    preflightQuery,
    'Preflight',
    'What moving it to the other mode would do: what stands in the way by file and line, routes, variables.',
  ),
  change(
    `POST ${one}`,
    switchRenderingCommand,
    'Triggered',
    'Move it to the other rendering mode by a deployment; `preflight` is the digest of the check that was seen.',
    { status: 201, key: 'own' },
  ),
];

import type { QueryClient } from '@tanstack/react-query';
import {
  Box,
  Crosshair,
  KeyRound,
  Layers2,
  Lock,
  PackagePlus,
  Rocket,
  ScanSearch,
  Snowflake,
  Stethoscope,
  Undo2,
  UserPlus,
} from 'lucide-react';
import { fetchJson } from '@/components/live/problem';
import type { PaletteLink, PaletteLinks, PaletteSearch } from '@/components/shell/shell-types';
import { STATUS_VIEW } from '@/lib/deployments/model/status';
import type { DeploymentSummary, MatrixCell, MatrixView } from '@/lib/deployments/model/view';
import type { Page } from '@/lib/kernel/page';
import { queryKeys } from '@/lib/realtime/protocol';
import { withLabel } from '@/lib/targets/model/label';

const PER_GROUP = 6;

/** What is always offered. */
export const paletteLinks: readonly PaletteLinks[] = [
  {
    heading: 'Do',
    items: [
      {
        id: 'active',
        label: 'Show what is in flight',
        href: '/deployments?status=active',
        icon: <ScanSearch aria-hidden />,
        keywords: ['running', 'active'],
      },
      {
        id: 'lock',
        label: 'Lock something…',
        href: '/holds?add=lock',
        icon: <Lock aria-hidden />,
        keywords: ['hold', 'stop', 'block', 'pin'],
      },
      {
        id: 'freeze',
        label: 'Plan a freeze…',
        href: '/holds?add=freeze',
        icon: <Snowflake aria-hidden />,
        keywords: ['hold', 'calendar', 'window', 'stop'],
      },
      {
        id: 'new-connection',
        label: 'Add a connection',
        href: '/connections/new',
        icon: <KeyRound aria-hidden />,
        keywords: ['token', 'account', 'provider'],
      },
      {
        id: 'doctor',
        label: 'See what is wrong with the connections',
        href: '/connections/doctor',
        icon: <Stethoscope aria-hidden />,
        keywords: ['doctor', 'health', 'token', 'webhook', 'expiry', 'quota'],
      },
      {
        id: 'new-target',
        label: 'Add a target',
        href: '/estate/targets/new',
        icon: <Crosshair aria-hidden />,
        keywords: ['estate', 'set up', 'workflow', 'repository'],
      },
      {
        id: 'new-component',
        label: 'Add a component',
        href: '/estate?add=component',
        icon: <PackagePlus aria-hidden />,
        keywords: ['estate', 'set up', 'service', 'app'],
      },
      {
        id: 'new-environment',
        label: 'Add an environment',
        href: '/estate?add=environment',
        icon: <Layers2 aria-hidden />,
        keywords: ['estate', 'set up', 'production', 'staging'],
      },
      {
        id: 'invite',
        label: 'Invite a member',
        href: '/members?invite=1',
        icon: <UserPlus aria-hidden />,
        keywords: ['person', 'team'],
      },
    ],
  },
];

function says(text: string, words: readonly string[]): boolean {
  const low = text.toLowerCase();
  return words.every((word) => low.includes(word));
}

type Component = MatrixView['rows'][number]['component'];

/** "Deploy … to …" and "Roll back … in …" for one target. */
function targetLinks({ name, slug }: Component, cell: MatrixCell, place: string, words: readonly string[]) {
  const named = `${name} ${slug} ${place} ${cell.environmentSlug}`;
  const deploy: PaletteLink = {
    id: `deploy-${cell.targetId}`,
    label: `Deploy ${name} to ${place}…`,
    href: `/deploy/${cell.targetId}`,
    icon: <Rocket aria-hidden />,
    ...(cell.deploy.allowed ? {} : { hint: cell.mayOverride ? 'a freeze holds' : 'not possible now' }),
  };
  const back: PaletteLink = {
    id: `roll-back-${cell.targetId}`,
    label: `Roll back ${name} in ${place}…`,
    href: `/targets/${cell.targetId}/roll-back`,
    icon: <Undo2 aria-hidden />,
  };
  return {
    deploy: says(`deploy to ${named}`, words) ? [deploy] : [],
    back: cell.current && says(`roll back rollback in ${named}`, words) ? [back] : [],
  };
}

/** Components and what can be done with their targets out of the matrix, for the words typed. */
export function estateLinks(matrix: MatrixView, query: string): PaletteLinks[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const names = new Map(matrix.environments.map((environment) => [environment.slug, environment.name]));
  const deploys: PaletteLink[] = [];
  const backs: PaletteLink[] = [];
  const components: PaletteLink[] = [];
  for (const { component, cells } of matrix.rows) {
    if (says(`${component.name} ${component.slug} ${component.kind}`, words)) {
      components.push({
        id: `component-${component.slug}`,
        label: component.name,
        href: `/components/${component.slug}`,
        icon: <Box aria-hidden />,
        hint: component.kind,
      });
    }
    for (const cell of Object.values(cells).flat()) {
      const place = withLabel(names.get(cell.environmentSlug) ?? cell.environmentSlug, cell.label);
      const found = targetLinks(component, cell, place, words);
      deploys.push(...found.deploy);
      backs.push(...found.back);
    }
  }
  return [
    { heading: 'Deploy', items: deploys.slice(0, PER_GROUP) },
    { heading: 'Roll back', items: backs.slice(0, PER_GROUP) },
    { heading: 'Components', items: components.slice(0, PER_GROUP) },
  ].filter((group) => group.items.length > 0);
}

export function deploymentLinks(rows: readonly DeploymentSummary[]): PaletteLinks[] {
  if (rows.length === 0) return [];
  const items = rows.map((row) => ({
    id: row.id,
    label: `#${row.number} ${row.component.name} → ${withLabel(row.environment.name, row.label)}, ${row.revision.ref}`,
    href: `/deployments/${row.id}`,
    hint: STATUS_VIEW[row.status].label,
  }));
  return [{ heading: 'Deployments', items }];
}

/** Targets and components come from the cached matrix; deployments are asked for. */
export function paletteSearch(client: QueryClient): PaletteSearch {
  return async (query, signal) => {
    const list = new URLSearchParams({ q: query.slice(0, 200), limit: String(PER_GROUP) });
    const [matrix, deployments] = await Promise.all([
      client
        .fetchQuery({ queryKey: queryKeys.matrix, queryFn: () => fetchJson<MatrixView>('/api/v1/matrix') })
        .catch(() => null),
      fetchJson<Page<DeploymentSummary>>(`/api/v1/deployments?${list}`, signal).catch(() => null),
    ]);
    return [...(matrix ? estateLinks(matrix, query) : []), ...deploymentLinks(deployments?.rows ?? [])];
  };
}

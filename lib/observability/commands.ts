import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { environmentSlugOf } from '@/lib/deployments/server';
import { ServiceError } from '@/lib/kernel/errors';
import { defineCommand } from '@/lib/pipeline/define-command';
import { resource } from '@/lib/pipeline/resource';
import { ClassifyInput, SetHealthInput, UndoInput } from './model/schemas';
import { classify, setHealth, undoClassification } from './server';

function found(slug: string | null): string {
  if (slug !== null) return slug;
  throw new ServiceError('notFound', 'not_found', 'It is not there, or you may not see it. Reload the page.');
}

const ofDeployment = {
  environmentOf: async (ctx: ServiceContext, input: { deploymentId: string }) =>
    found(await environmentSlugOf(ctx, input.deploymentId)),
  resourceOf: (input: { deploymentId: string }) => ({ kind: 'deployment', id: input.deploymentId }),
};

export const classifyCommand = defineCommand({
  name: 'delivery.classify',
  permission: 'deployment.resolve',
  input: ClassifyInput,
  ...ofDeployment,
  run: classify,
});

export const undoClassificationCommand = defineCommand({
  name: 'delivery.undo',
  permission: 'deployment.resolve',
  input: UndoInput,
  ...ofDeployment,
  run: undoClassification,
});

// The verb asks for the permission on the very environment of the target.
export const setHealthCommand = defineCommand({
  name: 'target.set-health',
  permission: 'target.manage',
  input: SetHealthInput,
  resourceOf: resource('target', 'targetId'),
  run: setHealth,
});

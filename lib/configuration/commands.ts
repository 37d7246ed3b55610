import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { defineCommand } from '@/lib/pipeline/define-command';
import { resource } from '@/lib/pipeline/resource';
import {
  planRemovalInput,
  planSettingInput,
  removeSettingInput,
  setRuntimeInput,
  setSettingInput,
} from './model/schemas';
import { planRemoval, planSetting, removeSetting, setRuntime, setSetting } from './server';
import { environmentBy } from './server/estate';

const permission = 'configuration.manage';
const rate = { perMinute: 20 } as const;
const environmentOf = async (ctx: ServiceContext, { environment }: { environment: string }) =>
  (await environmentBy(ctx, environment)).slug;
const resourceOf = ({ environment }: { environment: string }) => ({ kind: 'environment', id: environment });

// A value belongs into the body of a request, so what only looks is sent as a change as well. It writes nothing.
export const planSettingCommand = defineCommand({
  name: 'configuration.plan-set',
  ...{ permission, rate, environmentOf, resourceOf },
  input: planSettingInput,
  run: planSetting,
});

export const planRemovalCommand = defineCommand({
  name: 'configuration.plan-remove',
  ...{ permission, rate, environmentOf, resourceOf },
  input: planRemovalInput,
  run: planRemoval,
});

export const setSettingCommand = defineCommand({
  name: 'configuration.set',
  ...{ permission, rate, environmentOf, resourceOf },
  risk: 'high',
  input: setSettingInput,
  run: setSetting,
});

export const removeSettingCommand = defineCommand({
  name: 'configuration.remove',
  ...{ permission, rate, environmentOf, resourceOf },
  risk: 'high',
  input: removeSettingInput,
  run: removeSetting,
});

// The verb asks for the permission on the very environment of the target.
export const setRuntimeCommand = defineCommand({
  name: 'target.set-runtime',
  ...{ permission, rate },
  risk: 'high',
  input: setRuntimeInput,
  resourceOf: resource('target', 'targetId'),
  run: setRuntime,
});

import * as commands from '@/lib/configuration/commands';
import { configurationQuery } from '@/lib/configuration/queries';
import { type ApiRoute, change, read } from '../route';

const one = '/environments/{environmentId}/configuration';
/** Its id or its slug. */
const rename = { environmentId: 'environment' };
/** The body holds a value. */
const sealed = { rename, sealed: true } as const;

export const CONFIGURATION_ROUTES: readonly ApiRoute[] = [
  read(one, configurationQuery, 'Configuration', 'Secrets and variables by name, age and digest; no value.', rename),
  change(`POST ${one}`, commands.setSettingCommand, 'SettingChanged', 'Write one; `shown` is of its plan.', sealed),
  change(`POST ${one}/plan`, commands.planSettingCommand, 'SettingPlan', 'What writing it would do.', sealed),
  change(`POST ${one}/remove`, commands.removeSettingCommand, 'SettingChanged', 'Remove one; see its plan.', {
    rename,
  }),
  change(`POST ${one}/plan-removal`, commands.planRemovalCommand, 'SettingPlan', 'What removing it would do.', {
    rename,
  }),
  change(
    'PUT /targets/{targetId}/runtime',
    commands.setRuntimeCommand,
    'RuntimeSet',
    'Say where what runs on a target keeps its own settings; its places are read once before it is stored.',
  ),
];

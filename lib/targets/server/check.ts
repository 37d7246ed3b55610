import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { capability, type DeployForm, ProviderError, type TargetConfig } from '@/lib/providers/port';
import type { checkTargetInput } from '../model/estate-schemas';
import type { TargetCheck } from '../model/view';

/**
 * Reads the form that these settings lead to, at their default ref. Whatever the provider refuses is part of the answer;
 * throws only for who asks and for an unknown connection. Costs provider quota.
 */
export async function checkTarget(ctx: ServiceContext, input: z.output<typeof checkTargetInput>): Promise<TargetCheck> {
  requireAnywhere(ctx.actor, 'target.manage');
  const nothing: TargetCheck = { revision: null, form: null, problem: null, fields: {} };
  try {
    const { provider, context } = await ctx.openConnection(input.connectionId);
    // Fixed inputs would be left out of the form, and the form is what they are chosen from.
    const { inputs: _fixed, ...settings } = input.config;
    const parsed = provider.manifest.targetConfig.safeParse(settings);
    if (!parsed.success) return { ...nothing, ...malformed(provider.manifest.label, parsed.error) };
    const config = parsed.data;
    const revision = await capability(provider, 'source').resolve(context, config, refOf(config));
    const { workflows, deploy } = provider.methods;
    if (workflows)
      return await answered({ ...nothing, revision }, workflows.form(context, config, revision.ref).then(shown));
    const fits = deploy?.check?.(context, config, revision).then(() => null);
    return fits ? await answered({ ...nothing, revision }, fits) : { ...nothing, revision };
  } catch (error) {
    return { ...nothing, problem: refusalIn(error) };
  }
}

function shown({ places: _places, fixed: _fixed, ...form }: DeployForm): DeployForm {
  return form;
}

async function answered(check: TargetCheck, read: Promise<TargetCheck['form']>): Promise<TargetCheck> {
  try {
    return { ...check, form: await read };
  } catch (error) {
    return { ...check, problem: refusalIn(error) };
  }
}

function refOf(config: TargetConfig): string {
  return typeof config.defaultRef === 'string' ? config.defaultRef : 'main';
}

function malformed(label: string, error: z.ZodError): Pick<TargetCheck, 'problem' | 'fields'> {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) fields[`config.${issue.path.map(String).join('.')}`] ??= issue.message;
  return { fields, problem: { code: 'target_config', sentence: `${label} does not accept these settings.` } };
}

/** An expected refusal as data; anything else is a bug and is thrown on. */
function refusalIn(error: unknown): Refusal {
  if (error instanceof ProviderError) return { code: error.code, sentence: error.message };
  if (error instanceof ServiceError && error.kind !== 'forbidden')
    return { code: error.code, sentence: error.sentence };
  throw error;
}

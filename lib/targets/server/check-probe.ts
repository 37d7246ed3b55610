import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import type { checkProbeInput } from '../model/estate-schemas';
import { shownUrl } from '../model/probe';
import type { ProbeCheck } from '../model/view';
import { askProbe } from './ask-probe';

/** Asks an address once, before it is stored. The answer itself is never shown: only the version that was found in it. */
export async function checkProbe(ctx: ServiceContext, input: z.output<typeof checkProbeInput>): Promise<ProbeCheck> {
  requireAnywhere(ctx.actor, 'target.manage');
  const answer = await askProbe(ctx, input.probe);
  const address = shownUrl(input.probe.url);
  if (answer.kind === 'says')
    return { usable: true, sentence: `${address} says ${input.probe.says === 'sha' ? 'commit ' : ''}${answer.value}.` };
  return { usable: false, sentence: `${address} cannot be used yet: ${answer.sentence}.` };
}

import type { Triggered } from '@/lib/deployments/model/schemas';
import type { RenderingMode } from '@/lib/rendering/model/mode';
import type { Preflight } from '@/lib/rendering/model/preflight';
import type { Client } from './client.ts';
import type { Invocation } from './command.ts';
import { CliError, EXIT, usage } from './exit.ts';
import { oneLine } from './terminal.ts';

/** The mode of `--rendering`; undefined without it. */
export function modeFrom(invocation: Invocation): RenderingMode | undefined {
  const said = invocation.text('rendering');
  if (said === undefined) return undefined;
  if (said === 'ssr' || said === 'ssg') return said;
  throw usage(`--rendering takes ssr or ssg, not “${said}”.`);
}

/** Shows what the check found, and switches with its digest; what stands in the way ends it before anything is sent. */
export async function switchTo(
  api: Client,
  { terminal, json }: Pick<Invocation, 'terminal' | 'json'>,
  wanted: { targetId: string; mode: RenderingMode; ref: string | undefined; body: Record<string, unknown> },
): Promise<Triggered> {
  const { targetId, mode, ref, body } = wanted;
  const path = `/targets/${targetId}/rendering`;
  const found = await api.get<Preflight>(path, { mode, ref });
  for (const { sentence, where } of [...found.blockers, ...found.warnings])
    if (!json) terminal.note(oneLine(`- ${sentence}${where === null ? '' : ` (${where})`}`));
  const [first] = found.blockers;
  if (first) throw new CliError(EXIT.refused, 'preflight_blocked', `It cannot be built as ${mode}: ${first.sentence}`);
  const { routes } = found;
  if (routes && !json) terminal.note(`${routes.gained.length} routes gained, ${routes.lost.length} lost.`);
  return await api.change<Triggered>('POST', path, { ...body, mode, preflight: found.digest });
}

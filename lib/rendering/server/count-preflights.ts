import type { ServiceContext } from '@/lib/auth/context';
import { movesOf, type RenderingMode } from '../model/mode';
import type { PreflightCount, PreflightCounts, PreflightView } from '../model/preflight-view';
import type { RenderingRow } from '../model/rendering-view';
import { previewSwitch } from './preflight';
import { readRendering } from './read-rendering';
import { ReadsOnce } from './reads-once';

/**
 * How far each dashboard target of a component is from its other mode, as it is live now: the same checks as before a switch,
 * for all that the reader may see. A commit is read once, however many targets are built from it.
 */
export async function countPreflights(ctx: ServiceContext, { slug }: { slug: string }): Promise<PreflightCounts> {
  const { rows } = await readRendering(ctx);
  const once = new ReadsOnce();
  const count = async (targetId: string, mode: RenderingMode) =>
    countOf(targetId, await previewSwitch(ctx, { targetId, mode }, once));
  const ours = rows.filter(({ component }) => component.slug === slug);
  const asked = ours.flatMap((row) => offeredTo(row).map((mode) => count(row.targetId, mode)));
  return { rows: await Promise.all(asked) };
}

/** What its host cannot serve is said without a look at any files. */
const offeredTo = ({ mode, modes }: RenderingRow) => movesOf(mode).filter((each) => modes.includes(each));

function countOf(targetId: string, { mode, blockers, warnings, atHost, routes }: PreflightView): PreflightCount {
  return {
    ...{ targetId, mode, blockers: blockers.length, warnings: warnings.length, atHost },
    routes: routes && { lost: routes.lost.length, gained: routes.gained.length, changed: routes.changed.length },
  };
}

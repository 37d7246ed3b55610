import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import type { MatrixView } from '../model/view';
import { groupBy, readEstate, toMatrixCell } from './read-cells';

/** Component × environment; environments that the actor may not read are left out. */
export async function readMatrix(ctx: ServiceContext): Promise<MatrixView> {
  const estate = await readEstate(ctx);
  const byComponent = groupBy(estate.cells, (cell) => cell.componentId);
  return {
    environments: estate.scope.environments.map(({ slug, name, isProduction }) => ({ slug, name, isProduction })),
    rows: estate.components.map(({ id, slug, name, kind, description }) => ({
      component: { slug, name, kind, description },
      cells: Object.fromEntries(
        [...groupBy(byComponent.get(id) ?? [], (cell) => cell.environmentSlug)].map(([environment, cells]) => [
          environment,
          cells.map(toMatrixCell),
        ]),
      ),
    })),
  };
}

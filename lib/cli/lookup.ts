import type { MatrixView } from '@/lib/deployments/model/view';
import type { EstateView } from '@/lib/targets/model/view';
import type { Client } from './client.ts';
import { CliError, EXIT, usage } from './exit.ts';

const nothing = (sentence: string) => new CliError(EXIT.notFound, 'not_found', sentence);

/** `#12`, `12` or the id itself → the id. */
export async function deploymentId(client: Client, text: string): Promise<string> {
  if (/^dep_\w+$/.test(text)) return text;
  const number = /^#?(\d{1,15})$/.exec(text)?.[1];
  if (!number) throw usage(`“${text}” is not a deployment. Write its number, such as #12 (quoted) or 12.`);
  const { rows } = await client.get<{ rows: { id: string }[] }>('/deployments', { q: `#${number}`, limit: '1' });
  if (!rows[0]) throw nothing(`There is no deployment #${number}, or you may not see it.`);
  return rows[0].id;
}

export interface FoundTarget {
  targetId: string;
  component: string;
  environment: string;
  label: string;
}

/** Every target that the token may see. */
export async function targets(
  client: Client,
): Promise<(FoundTarget & { cell: MatrixView['rows'][0]['cells'][''][0] })[]> {
  const { rows } = await client.get<MatrixView>('/matrix');
  return rows.flatMap(({ component, cells }) =>
    Object.values(cells)
      .flat()
      .map((cell) => ({
        targetId: cell.targetId,
        component: component.slug,
        environment: cell.environmentSlug,
        label: cell.label,
        cell,
      })),
  );
}

/** `backend/staging`, or `backend/staging:eu` where there are several; `backend/staging:` is the one without a label. */
export async function targetOf(client: Client, text: string): Promise<FoundTarget> {
  const found = /^([a-z0-9-]+)\/([a-z0-9-]+)(?::(.*))?$/.exec(text);
  if (!found) throw usage(`“${text}” is not a target. Write it as component/environment, such as backend/staging.`);
  const [, component, environment, label] = found;
  const here = (await targets(client)).filter(
    (each) => each.component === component && each.environment === environment,
  );
  const fits = label === undefined ? here : here.filter((each) => each.label === label);
  if (fits.length > 1) {
    const names = fits.map((each) => `${component}/${environment}:${each.label}`).join(', ');
    throw usage(`There are several: ${names}. Name one.`);
  }
  if (!fits[0]) throw nothing(`There is no target ${text}, or you may not see it. “aetherstack targets” lists them.`);
  return fits[0];
}

/** Slugs → what a lock or a freeze reaches; all null is the whole installation. */
export async function scopeOf(
  client: Client,
  slugs: { environment?: string | undefined; component?: string | undefined },
) {
  if (!slugs.environment && !slugs.component) return { environmentId: null, componentId: null };
  const estate = await client.get<EstateView>('/estate');
  const idIn = (what: string, list: readonly { id: string; slug: string }[], slug: string | undefined) => {
    if (slug === undefined) return null;
    const found = list.find((each) => each.slug === slug);
    if (!found) throw nothing(`There is no ${what} ${slug}, or you may not see it.`);
    return found.id;
  };
  return {
    environmentId: idIn('environment', estate.environments, slugs.environment),
    componentId: idIn('component', estate.components, slugs.component),
  };
}

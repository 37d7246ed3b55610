import { vendorPhrase } from '@/lib/http/vendor-text';
import {
  type HostedAddress,
  type Offer,
  type Preview,
  type ProviderContext,
  ProviderError,
  type RemoteRef,
  type Serving,
} from '../port';
import { call } from './client';
import { readSite, sitePath } from './deploy';
import { heldBy, pageOf } from './map';
import { readDeploy } from './runs';
import { deploySchema } from './schema';
import type { Place } from './target';
import { readTitle } from './title';

/** Publishes an earlier deploy, whichever way in time. Source: `restoreSiteDeploy` of `@netlify/open-api` */
export async function serve(c: ProviderContext, place: Place, ref: RemoteRef): Promise<void> {
  const [site, deploy] = await Promise.all([readSite(c, place), readDeploy(c, ref.id)]);
  if (deploy.site_id && deploy.site_id !== site.id) {
    const sentence = `The deploy ${ref.id} belongs to another project than ${place.site}. Deploy its commit there instead.`;
    throw new ProviderError('rejected', 'other_project', sentence);
  }
  if (deploy.state !== 'ready') {
    const sentence = `The deploy ${ref.id} is not built, so it cannot be published.`;
    throw new ProviderError('rejected', 'not_ready', sentence);
  }
  const path = `${sitePath(place)}/deploys/${encodeURIComponent(ref.id)}/restore`;
  await call(c, { method: 'POST', path, about: `deploy ${ref.id}` }, deploySchema);
}

/**
 * Any deploy that is ready can be published, a branch deploy too: as it was built, with the variables of its own context.
 * Source: https://docs.netlify.com/deploy/manage-deploys/manage-deploys-overview/
 */
export async function offer(c: ProviderContext, place: Place, ref: RemoteRef): Promise<Offer> {
  const [site, deploy] = await Promise.all([readSite(c, place), readDeploy(c, ref.id)]);
  const rebuild = (because: string): Offer => ({ as: 'rebuild', because });
  if (!place.production) return rebuild('this target is a branch deploy, whose address Netlify moves with each build.');
  if (deploy.site_id && deploy.site_id !== site.id)
    return rebuild(`it was built in another project than ${place.site}.`);
  if (deploy.state !== 'ready') return rebuild('its build is not there any more, or not finished.');
  const isOther = deploy.context && deploy.context !== 'production';
  return { as: 'build', ...(isOther ? { variablesOf: vendorPhrase(deploy.context ?? '') } : {}) };
}

/** A restore is done with its answer. Locked publishing holds whatever is built. */
export async function readServing(c: ProviderContext, place: Place): Promise<Serving> {
  const { published_deploy: live } = await readSite(c, place);
  return {
    ref: live ? { id: live.id, attempt: 1, url: pageOf(live) } : null,
    change: null,
    held: heldBy(live),
  };
}

export async function readAddresses(c: ProviderContext, place: Place): Promise<HostedAddress[]> {
  const { ssl_url, custom_domain, domain_aliases, published_deploy: live } = await readSite(c, place);
  const own = ssl_url ? new URL(ssl_url).hostname : null;
  const names = [custom_domain, own, ...(domain_aliases ?? [])].filter(
    (name) => typeof name === 'string' && name !== '',
  );
  return [...new Set(names as string[])].map((name) => ({
    name,
    ref: live ? { id: live.id, attempt: 1, url: pageOf(live) } : null,
    marker: readTitle(live?.title)?.marker ?? null,
    redirectsTo: null,
    verified: true,
  }));
}

/** The deploy's own address and the picture that Netlify took of it. */
export async function readPreview(c: ProviderContext, ref: RemoteRef): Promise<Preview> {
  const { deploy_ssl_url, screenshot_url } = await readDeploy(c, ref.id);
  const secure = (url: string | null | undefined) => (url?.startsWith('https://') ? url : null);
  return { address: secure(deploy_ssl_url), screenshot: secure(screenshot_url) };
}

import { z } from 'zod';
import type { Refusal } from '@/lib/kernel/errors';
import type { ServedBranch, Site, WantedSite } from '@/lib/providers/port';
import { type PublishedVersion, siteVersions, versionNamed } from './versions';

export const readSiteInput = z.strictObject({
  slug: z.string().min(1).max(80),
  /** `owner/name`; the first that a target of the component names when left out. */
  repository: z.string().max(200).optional(),
});
export type ReadSiteInput = z.output<typeof readSiteInput>;

const branch = z
  .string()
  .min(1, 'Name the branch.')
  .max(255)
  .regex(/^[^\p{C}\s~^:?*[\\]+$/u, 'That is no name of a branch.');
export const setSiteInput = z.strictObject({
  slug: z.string().min(1).max(80),
  repository: z.string().min(1).max(200),
  wanted: z.discriminatedUnion('buildType', [
    z.strictObject({ buildType: z.literal('workflow') }),
    z.strictObject({
      buildType: z.literal('branch'),
      source: z.strictObject({ branch, path: z.enum(['/', '/docs']) }),
    }),
  ]),
  /** Of what was shown: what is, and what it would become. */
  shown: z.string().regex(/^[0-9a-f]{64}$/, 'Load the page again.'),
});
export type SetSiteInput = z.output<typeof setSiteInput>;

export const newHeadInput = z.strictObject({ deploymentId: z.string().min(1).max(80) });

/** Something that keeps visitors from what was published, and its mend. */
export interface SiteProblem {
  code: string;
  sentence: string;
  /** `set`: the page's own button; otherwise an address, inside or outside. */
  mend: { label: string; to: string | 'set' } | null;
}

export interface SiteView {
  component: { slug: string; name: string; kind: string };
  repositories: string[];
  repository: string | null;
  /** What people call it at the provider. */
  word: string;
  site: Site | null;
  /** The branch whose versions are shown, and its newest commit; null where it is not there. */
  branch: string;
  head: string | null;
  versions: PublishedVersion[];
  /** The name that visitors are sent on to first. */
  defaultName: string | null;
  live: { sentence: string; tone: 'good' | 'warn' | 'bad' | 'busy' | 'neutral' };
  problems: SiteProblem[];
  /** What the settings are, and what they would become; to be shown before and sent back. */
  settings: { now: string[]; wanted: WantedSite; next: string[]; shown: string } | null;
  /** Why this person may not change them; null when they may. */
  changeRefusal: string | null;
  problem: Refusal | null;
}

/** The settings as lines, so that two of them make a diff. */
export function settingsLines(site: Pick<Site, 'buildType' | 'source'> | WantedSite | null): string[] {
  if (!site) return ['served: no'];
  if (site.buildType !== 'branch') return ['served: yes', `built by: ${site.buildType}`];
  const { source } = site;
  return ['served: yes', 'built by: branch', `branch: ${source?.branch ?? '?'}`, `folder: ${source?.path ?? '?'}`];
}

/** The page that `mike set-default` writes. Source: https://github.com/jimporter/mike, mike/templates/redirect.html */
const REDIRECT = /http-equiv="refresh"\s+content="\d+;\s*url=([^"]{1,300})"/i;

/** The name that visitors of the root are sent on to; null when its page does not say. */
export function defaultName(firstPage: string | null): string | null {
  const to = REDIRECT.exec((firstPage ?? '').slice(0, 20_000))?.[1];
  const name = to?.replace(/^\.\//, '').replace(/\/?(?:index\.html)?$/, '');
  return name && !/[/:]/.test(name) ? name : null;
}

export interface SiteFacts {
  word: string;
  site: Site | null;
  branch: string;
  served: ServedBranch | null;
  /** Where a version of it can be published. */
  publishAt: string | null;
  setUpAt: string;
}

/** Everything that the page says about a site and its versions. */
export function judgeSite(facts: SiteFacts): Pick<SiteView, 'versions' | 'defaultName' | 'live' | 'problems'> {
  const { served, site } = facts;
  const prefix = site?.source?.path === '/docs' ? 'docs' : '';
  const read = served?.versionsFile ? siteVersions(served.versionsFile, served.log, prefix) : null;
  const versions = read && 'versions' in read ? read.versions : [];
  const problems = [...servingProblems(facts), ...branchProblems(facts, read)];
  const name = versions.length > 0 ? defaultName(served?.firstPage ?? null) : null;
  if (versions.length > 0) problems.push(...defaultProblems(versions, name));
  return { versions, defaultName: name, live: liveOf(facts), problems: [...problems, ...domainProblems(facts)] };
}

function servingProblems({ word, site, branch, served }: SiteFacts): SiteProblem[] {
  const serve = { label: `Serve ${branch}`, to: 'set' } as const;
  if (!site) {
    const sentence = `${word} is off for this repository, so nobody sees what is published.`;
    return [{ code: 'not_served', sentence, mend: served ? serve : { label: 'Turn it on', to: 'set' } }];
  }
  if (site.buildType === 'workflow' && served?.versionsFile) {
    const sentence = `A workflow builds the site, so the versions on ${branch} are not what visitors see.`;
    return [{ code: 'not_from_branch', sentence, mend: serve }];
  }
  const [last] = site.builds;
  if (!last?.failed) return [];
  const sentence = `The newest build failed${last.error ? `: ${last.error}` : ' and gave no reason'}. What was live before still is.`;
  return [{ code: 'build_failed', sentence, mend: { label: 'Look at the settings there', to: site.settingsUrl } }];
}

function branchProblems(facts: SiteFacts, read: ReturnType<typeof siteVersions> | null): SiteProblem[] {
  const { site, branch, served, publishAt, setUpAt } = facts;
  const publish = publishAt ? { label: 'Publish a version', to: publishAt } : { label: 'Set it up', to: setUpAt };
  if (site?.buildType === 'branch' && !served) {
    const sentence = `The site is built from ${branch}, and there is no such branch. Publishing a version makes it.`;
    return [{ code: 'branch_missing', sentence, mend: publish }];
  }
  if (site?.buildType === 'branch' && served && served.versionsFile === null) {
    const sentence = `There is no versions.json on ${branch}, so it holds one site without versions.`;
    return [{ code: 'no_versions', sentence, mend: { label: 'Keep several versions', to: setUpAt } }];
  }
  return read && 'problem' in read ? [{ code: 'versions_unreadable', sentence: read.problem, mend: publish }] : [];
}

function defaultProblems(versions: readonly PublishedVersion[], name: string | null): SiteProblem[] {
  const how = 'Publish a version with “set as default”.';
  if (name === null) {
    const sentence = `The root of the site leads to no version, so visitors find nothing there. ${how}`;
    return [{ code: 'no_default', sentence, mend: null }];
  }
  if (versionNamed(versions, name)) return [];
  const sentence = `The root of the site leads to “${name}”, and there is no such version. ${how}`;
  return [{ code: 'default_missing', sentence, mend: null }];
}

function domainProblems({ site }: SiteFacts): SiteProblem[] {
  if (!site) return [];
  const { certificate, domain, settingsUrl } = site;
  const mend = { label: 'Open the settings there', to: settingsUrl };
  const problems: SiteProblem[] = [];
  if (certificate && !certificate.good)
    problems.push({ code: 'certificate', sentence: `The certificate is not in place. ${certificate.sentence}`, mend });
  if (domain?.proof === 'unverified')
    problems.push({
      code: 'domain_unverified',
      sentence: `Nobody has proven that ${domain.name} is yours, so somebody else could take it over.`,
      mend,
    });
  return problems;
}

function liveOf({ word, site, branch, served }: SiteFacts): SiteView['live'] {
  if (!site) return { tone: 'warn', sentence: 'Nothing is live: it is not served.' };
  if (site.buildType !== 'branch')
    return { tone: 'neutral', sentence: `What a workflow handed to ${word} last is live, as one site.` };
  const good = site.builds.find(({ failed, sha }) => !failed && sha !== null);
  if (!served || !good?.sha) return { tone: 'warn', sentence: `${word} has not built ${branch} yet.` };
  if (site.builds[0]?.failed)
    return {
      tone: 'bad',
      sentence: `${branch} at ${good.sha.slice(0, 7)} is live: its newest commit could not be built.`,
    };
  if (good.sha !== served.head || site.state === 'building')
    return {
      tone: 'busy',
      sentence: `${branch} at ${served.head.slice(0, 7)} is being built; before it ${good.sha.slice(0, 7)} is live.`,
    };
  return { tone: 'good', sentence: `${branch} at ${served.head.slice(0, 7)} is live, with all its versions.` };
}

/** What the page offers to set: the branch where versions are kept, else a workflow's upload. */
export function offeredSettings({ site, branch, served }: SiteFacts): WantedSite | null {
  const wanted: WantedSite = served
    ? { buildType: 'branch', source: { branch, path: site?.source?.path ?? '/' } }
    : { buildType: 'workflow' };
  return settingsLines(wanted).join('\n') === settingsLines(site).join('\n') ? null : wanted;
}

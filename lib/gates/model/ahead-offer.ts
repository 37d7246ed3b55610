import { mayNotAnswer } from './remote-gate';
import { nameOf, type Planned, type RemoteRulesView, remoteRules } from './remote-rules';

/** The environments that will ask people, as far as that is known before the run. */
export function askedOf(view: RemoteRulesView, planned: Planned): string[] {
  if (view.notice !== null) return [];
  const names = new Set(view.uses.map((use) => nameOf(use, planned).toLowerCase()));
  return view.environments
    .filter(({ name, reviewers }) => reviewers.length > 0 && names.has(name.toLowerCase()))
    .map(({ name }) => name);
}

/** What one press may answer besides; null where nobody will be asked, or the run would be turned away. */
export function offerOf(view: RemoteRulesView, planned: Planned) {
  const environments = askedOf(view, planned);
  if (environments.length === 0 || remoteRules(view, planned).some(({ tone }) => tone === 'refused')) return null;
  const refusals = view.environments
    .filter(({ name }) => environments.includes(name))
    .map(({ name, url, reviewers }) =>
      mayNotAnswer([{ id: name, environment: name, url, reviewers, waitMinutes: 0, timerSince: null }], view.own, view),
    );
  const cannot = refusals.find((each) => each !== null)?.sentence ?? null;
  return { environments: cannot === null ? environments : [], cannot };
}

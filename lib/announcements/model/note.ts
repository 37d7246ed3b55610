import { fillIn, type HealthSettings } from '../../observability/model/health-settings';

export interface NoteFacts {
  number: number;
  sha: string;
  component: { slug: string; name: string };
  environment: { slug: string; name: string };
  goesBack: boolean;
}

/** The words of a scope with what they stand for. */
export function scopeOf(
  { scope }: { scope: string },
  { values }: Pick<HealthSettings, 'values'>,
  { sha, component, environment }: Pick<NoteFacts, 'sha' | 'component' | 'environment'>,
): string {
  return fillIn(scope, { ...values, sha }, { component: component.slug, environment: environment.slug });
}

/** Names no person and no reason: where it is written may be open to more people than this console. */
export function wordsOf({ number, sha, component, environment, goesBack }: NoteFacts): { title: string; text: string } {
  const title = `#${number}: ${component.name} to ${environment.name}`;
  const commit = sha.slice(0, 7);
  return { title, text: goesBack ? `Rolled back: ${commit} is live again.` : `${commit} is live.` };
}

/** Fields with text that the samples leave out, filled in for D12. */
export const MORE_TEXT: Record<string, Record<string, unknown>> = {
  'audit.export': { actor: 'Ada', action: 'a', resourceKind: 'k', resourceId: 'r', environment: 'staging', text: 'x' },
  'audit.list': {
    actor: 'Ada',
    action: 'a',
    resourceKind: 'k',
    resourceId: 'r',
    environment: 'staging',
    text: 'x',
    cursor: '1',
  },
  'component.create': { description: 'What it is', paths: ['services/api'] },
  'component.update': { description: 'What it is', paths: ['services/api'] },
  'connection.deliveries': { cursor: 'x' },
  'deployment.approve': { reason: 'Looks good' },
  'deployment.list': { component: 'backend', environment: 'staging', person: 'Ada', q: 'main', cursor: 'x' },
  'deployment.log': { cursor: 'x' },
  'deployment.promote': { reason: 'Because', checklist: ['Told support'], freezeOverrideReason: 'Because' },
  'deployment.request': {
    reason: 'Because',
    inputs: { note: 'x' },
    checklist: ['Told support'],
    freezeOverrideReason: 'Because',
  },
  'deployment.rollback': { checklist: ['Told support'], freezeOverrideReason: 'Because' },
  'extension.get': { against: 'd'.repeat(64) },
  'extension.list': { cursor: 'x' },
  'policy.set': { policy: { approvals: 1, checklist: ['Told support'] } },
  'rendering.switch': { reason: 'Because', checklist: ['Told support'], freezeOverrideReason: 'Because' },
  'target.create': { label: 'eu', config: { repository: 'acme/app', workflow: 'deploy.yml', defaultRef: 'main' } },
  'target.revisions': { query: 'main' },
  'target.update': { label: 'eu', config: { repository: 'acme/app', workflow: 'deploy.yml', defaultRef: 'main' } },
};

/** Fields whose text people see as the name of a thing: nothing invisible, no control, no direction may get in. */
export const NAMES =
  /^(?:component|environment|connection)\.\w+ name$|^target\.\w+ label$|^member\.invite (?:name|login)$|^token\.create name$|^freeze\.\w+ name$|^\w+\.create slug$/;

export type Path = (string | number)[];

/** Every place in an input where text stands. */
export function textPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    textPaths(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A copy with other text at one place. */
export function withText(value: unknown, path: Path, text: string): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return text;
  if (Array.isArray(value)) return value.map((item, at) => (at === first ? withText(item, rest, text) : item));
  return { ...(value as object), [first]: withText((value as Record<string | number, unknown>)[first], rest, text) };
}

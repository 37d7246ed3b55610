import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { DeployAction } from './deploy-action';

const frozen = { allowed: false, refusal: { code: 'pinned_freeze', sentence: 'Frozen by Ada: The books are closed.' } };
const shown = (mayOverride: boolean, gate: Parameters<typeof DeployAction>[0]['gate'] = frozen) =>
  renderToStaticMarkup(<DeployAction targetId="tgt_1" what="Docs to Staging" gate={gate} mayOverride={mayOverride} />);

test('in a freeze the button leads whoever may override it to the composer, and says that a freeze holds', () => {
  const markup = shown(true);
  expect(markup).toContain('href="/deploy/tgt_1"');
  expect(markup).toContain('aria-label="Deploy in freeze: Docs to Staging"');
  expect(markup).toContain('Frozen by Ada: The books are closed.');
});

test('for everybody else it is off and says why; without a freeze it is the plain one', () => {
  expect(shown(false)).not.toContain('href=');
  expect(shown(false)).toContain('Frozen by Ada');
  expect(shown(false, { allowed: true, refusal: null })).toMatch(
    /href="\/deploy\/tgt_1".*aria-label="Deploy Docs to Staging"|aria-label="Deploy Docs to Staging".*href/,
  );
});

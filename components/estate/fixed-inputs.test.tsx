import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { DeployForm } from '@/lib/providers/port';
import { FixedInputs } from './fixed-inputs';
import type { FixedInput } from './target-draft';

const form = {
  fields: [{ name: 'region', type: 'string', options: [], description: '', required: false, default: null }],
  reserved: { marker: null, sha: null },
} as unknown as DeployForm;

function drawn(inputs: FixedInput[], read: DeployForm | null = form): string {
  return renderToStaticMarkup(
    <FixedInputs
      inputs={inputs}
      form={read}
      problems={{}}
      error={undefined}
      environment={undefined}
      onChange={() => {}}
    />,
  );
}

test('an input can be fixed by its name while declared ones are open', () => {
  const html = drawn([]);
  expect(html).toContain('aria-label="Fix an input"');
  expect(html).toContain('>Fix one by name</');
});

test('with nothing declared that is open there is one way, by name', () => {
  for (const html of [drawn([{ key: 'a', name: 'region', value: 'eu' }]), drawn([], null)]) {
    expect(html).toContain('Fix an input');
    expect(html).not.toContain('aria-label="Fix an input"');
  }
});

test('one that the workflow has no more shows name and empty value, both to be typed', () => {
  const html = drawn([{ key: 'a', name: 'gone', value: '' }]);
  expect(html).toMatch(/aria-label="Name of the input"[^>]*value="gone"/);
  expect(html).toMatch(/aria-label="Value of gone"[^>]*value=""/);
});

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';
import type { FormField } from '@/lib/providers/port';
import { InputsForm } from './inputs-form';

const start = {
  target: { environment: { slug: 'production', name: 'Production', isProduction: true } },
  fixedInputs: {},
  lastInputs: null,
  rendering: null,
} as unknown as ComposerStart;
const place: FormField = {
  ...{ name: 'environment', type: 'environment', description: '', required: true, default: 'production' },
  options: ['production'],
};

function drawn(fields: FormField[]): string {
  const form = { fields, warnings: [] } as unknown as NonNullable<ComposerPlan['form']>;
  return renderToStaticMarkup(
    <InputsForm start={start} form={form} values={{}} typed={{}} problems={{}} onChange={() => {}} />,
  );
}

test('the target’s own environment is shown and not asked for', () => {
  const html = drawn([place]);
  expect(html).not.toContain('<select');
  expect(html).toContain('This target is Production; any other environment has a target of its own.');
  expect(html).toContain('asks for nothing else');
});

test('an environment that the target has no word for is asked for', () => {
  const html = drawn([{ ...place, default: null, options: ['github-pages', 'preview'] }]);
  expect(html).toContain('<select');
  expect(html).not.toContain('This target is');
});

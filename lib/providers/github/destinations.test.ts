import { expect, it } from 'vitest';
import { formFrom } from './workflow-form';

const typesOf = (inputs: string, jobs = '') => {
  const text = `on: {workflow_dispatch: {inputs: {${inputs}}}}\njobs: {${jobs}}`;
  const { fields } = formFrom(text, { path: 'promote.yml', sha: 'a', url: '' }, ['staging', 'production']);
  return Object.fromEntries(fields.map(({ name, type }) => [name, type]));
};
const FROM = 'from: {type: environment}';
const TO = 'to: {type: environment}';

it('what a promotion takes from is no place where it goes', () => {
  expect(typesOf(`${FROM}, ${TO}`)).toEqual({ from: 'choice', to: 'environment' });
  const job = `a: {environment: "\${{ inputs.place }}"}`;
  expect(typesOf(`source_environment: {type: environment}, place: {type: string}`, job)).toEqual({
    ...{ source_environment: 'choice', place: 'environment' },
  });
});

it('is one where a job runs in it, where nothing else says where a run goes, and under any other name', () => {
  const there = `a: {environment: "\${{ inputs.from }}"}, b: {environment: "\${{ inputs.to }}"}`;
  expect(typesOf(`${FROM}, ${TO}`, there)).toEqual({ from: 'environment', to: 'environment' });
  expect(typesOf(FROM)).toEqual({ from: 'environment' });
  expect(typesOf(`fromage: {type: environment}, ${TO}`)).toEqual({ fromage: 'environment', to: 'environment' });
});

import 'server-only';
import { defineCommand } from '@/lib/pipeline/define-command';
import { newHeadInput, setSiteInput } from './model/site';
import { proposeNewHead, setSite } from './server';

// It decides what visitors see.
export const setSiteCommand = defineCommand({
  name: 'component.set-site',
  permission: 'component.manage',
  risk: 'high',
  input: setSiteInput,
  resourceOf: ({ slug }) => ({ kind: 'component', id: slug }),
  rate: { perMinute: 5 },
  run: setSite,
});

export const newHeadCommand = defineCommand({
  name: 'component.new-head',
  permission: 'component.manage',
  input: newHeadInput,
  resourceOf: ({ deploymentId }) => ({ kind: 'deployment', id: deploymentId }),
  rate: { perMinute: 5 },
  run: proposeNewHead,
});

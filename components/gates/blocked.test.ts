import { describe, expect, test } from 'vitest';
import type { Allowed } from '@/lib/deployments/model/view';
import type { GateView } from '@/lib/gates/model/gate';
import { blockedByGates, overridableOf } from './blocked';

const gate = (more: Partial<GateView>): GateView => ({
  kind: 'lock',
  state: 'closed',
  code: 'pinned_lock',
  sentence: 'Locked by Ana.',
  until: null,
  overridable: false,
  ...more,
});
const freeze = gate({ kind: 'freeze', code: 'pinned_freeze', sentence: 'Frozen.', overridable: true });
const list = gate({ kind: 'checklist', code: 'checklist_open', sentence: 'Tick the list.' });
const refusing = (each: GateView): Allowed => ({
  allowed: false,
  refusal: { code: each.code, sentence: each.sentence },
});
const yes: Allowed = { allowed: true, refusal: null };
const nothing = { ticked: [], override: '' };

describe('the button', () => {
  test('is free when every gate is open or only makes it wait', () => {
    expect(blockedByGates(yes, [gate({ state: 'waiting' }), gate({ state: 'open' })], [], nothing)).toBeNull();
  });

  test('says the sentence of what is closed', () => {
    expect(blockedByGates(refusing(gate({})), [gate({})], [], nothing)).toBe('Locked by Ana.');
  });

  test('is not freed by a reason where nothing may be overridden', () => {
    expect(blockedByGates(refusing(gate({})), [gate({})], [], { ...nothing, override: 'Customers wait' })).toBe(
      'Locked by Ana.',
    );
  });

  test('a freeze gives way to a reason, the lock behind it does not', () => {
    const override = { ...nothing, override: 'Customers wait' };
    expect(blockedByGates(refusing(freeze), [freeze], [], nothing)).toBe('Frozen.');
    expect(blockedByGates(refusing(freeze), [freeze], [], override)).toBeNull();
    expect(blockedByGates(refusing(freeze), [freeze, gate({})], [], override)).toBe('Locked by Ana.');
  });

  test('the checklist has to be ticked whole, word for word', () => {
    const items = ['Migrations are reversible', 'Support knows'];
    expect(blockedByGates(refusing(list), [list], items, nothing)).toBe('2 items of the checklist are not ticked.');
    expect(blockedByGates(refusing(list), [list], items, { ...nothing, ticked: ['Support knows'] })).toBe(
      'One item of the checklist is not ticked.',
    );
    expect(blockedByGates(refusing(list), [list], items, { ...nothing, ticked: items })).toBeNull();
  });

  test('a refusal that is no gate is never lost', () => {
    const bad: Allowed = { allowed: false, refusal: { code: 'bad_form', sentence: 'The form cannot be read.' } };
    expect(blockedByGates(bad, [freeze], [], { ...nothing, override: 'Customers wait' })).toBe(
      'The form cannot be read.',
    );
  });
});

test('only what is not open is offered to be overridden', () => {
  expect(overridableOf([gate({}), { ...freeze, state: 'open' }])).toBeNull();
  expect(overridableOf([gate({}), { ...freeze, state: 'waiting' }])?.kind).toBe('freeze');
});

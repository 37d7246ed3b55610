import { describe, expect, it } from 'vitest';
import { auditExportInput } from '@/lib/audit/model/view';
import { auditHref, exportHref, parseAuditAddress } from './search-params';

describe('parseAuditAddress', () => {
  it('reads days as whole days in UTC', () => {
    expect(parseAuditAddress({ from: '2026-03-01', to: '2026-03-02' }).filters).toEqual({
      from: '2026-03-01T00:00:00Z',
      to: '2026-03-02T23:59:59.999Z',
    });
  });

  it('leaves out and names what the log does not know', () => {
    expect(parseAuditAddress({ outcome: 'maybe', from: 'yesterday', actor: ' Ana ', other: 'x' })).toEqual({
      filters: { actor: 'Ana' },
      ignored: ['outcome', 'from'],
    });
  });

  it('an address made from filters reads back the same', () => {
    const { filters } = parseAuditAddress({ from: '2026-03-01', text: 'a & b' });
    const again = Object.fromEntries(new URL(auditHref(filters), 'http://x').searchParams);
    expect(parseAuditAddress(again).filters).toEqual(filters);
  });

  it('the file has the filters of the page', () => {
    const { filters } = parseAuditAddress({ from: '2026-03-01', text: 'a & b' });
    const query = Object.fromEntries(new URL(exportHref(filters, 'csv'), 'http://x').searchParams);
    expect(auditExportInput.parse(query)).toEqual({ format: 'csv', from: '2026-03-01T00:00:00Z', text: 'a & b' });
  });
});

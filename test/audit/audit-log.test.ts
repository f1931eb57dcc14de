import { describe, expect, it } from 'vitest';
import { createAuditLog, type EntryWriter } from '../../src/audit/audit-log.ts';
import { aRecord } from './support/record.ts';

function writer(write: EntryWriter['write']): EntryWriter {
  return { write, reopen: () => {}, close: async () => {} };
}

describe('createAuditLog', () => {
  it('hands rendered entries to the writer and counts them', () => {
    const written: string[] = [];
    const log = createAuditLog({
      isRelevant: () => true,
      render: ({ id }) => `entry ${id}`,
      writer: writer((entry) => written.push(entry)),
    });
    log.finished(aRecord({ id: 'x' }));
    expect(written).toEqual(['entry x']);
    expect(log.counters).toEqual({ written: 1, failed: 0 });
  });

  it('tells and counts what could not be written, and throws nothing', () => {
    const told: unknown[] = [];
    const log = createAuditLog({
      isRelevant: () => true,
      render: () => '',
      writer: writer(() => {
        throw new Error('disk full');
      }),
      onError: (error) => told.push(error),
    });
    log.finished(aRecord());
    expect(told).toEqual([new Error('disk full')]);
    expect(log.counters).toEqual({ written: 0, failed: 1 });
  });

  it('takes a transaction whose relevance cannot be decided for relevant', () => {
    const log = createAuditLog({
      isRelevant: () => {
        throw new Error('out of budget');
      },
      render: () => '',
      writer: writer(() => {}),
    });
    expect(log.wants({ auditEngine: 'RelevantOnly', engine: 'On', matches: [], status: 1 })).toBe(
      true,
    );
  });
});

// Brazilian taxpayer numbers of people: eleven digits, two of them a check.

import { isCpf } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const brCpf: DataType = defineIdentifier({
  name: 'br-cpf',
  summary: 'Brazilian CPF numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['999.999.999-99', '999999999-99'],
  contextual: ['99999999999'],
  context: ['cpf', 'cadastro de pessoas fisicas', 'contribuinte'],
  isValid: (_code, digits) => isCpf(digits),
});

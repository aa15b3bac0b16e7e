import { age, AGE, NAME, text } from '../../columns.ts';
import { humanDuration } from '../../duration.ts';
import type { CertificateSigningRequest } from '../../schema/types/certificates/v1.ts';
import type { Table } from '../../table.ts';
import { conditionsOf } from './validation.ts';

export const CERTIFICATESIGNINGREQUEST_TABLE: Table<CertificateSigningRequest> = {
  columns: [NAME, AGE, text('SignerName'), text('Requestor'), text('RequestedDuration'), text('Condition')],
  cells: (request, nowMs) => [
    request.metadata.name ?? '',
    age(request, nowMs),
    request.spec.signerName === '' ? '<none>' : request.spec.signerName,
    request.spec.username ?? '',
    request.spec.expirationSeconds === undefined ? '<none>' : humanDuration(request.spec.expirationSeconds * 1000),
    conditionText(request),
  ],
};

/** `Approved,Issued` */
function conditionText(request: CertificateSigningRequest): string {
  const has = (type: string): boolean => conditionsOf(request, type).length > 0;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return [decision, ...(has('Failed') ? ['Failed'] : []), ...((request.status?.certificate ?? '') === '' ? [] : ['Issued'])].join();
}

// The data types that come with Portcullis, in the order of listings.

import type { DataType } from './data-type.ts';
import { aiServiceKey } from './types/ai-service-key.ts';
import { atSvnr } from './types/at-svnr.ts';
import { auMedicare } from './types/au-medicare.ts';
import { auTfn } from './types/au-tfn.ts';
import { awsAccessKey } from './types/aws-access-key.ts';
import { awsSecretKey } from './types/aws-secret-key.ts';
import { azureKey } from './types/azure-key.ts';
import { beRrn } from './types/be-rrn.ts';
import { bic } from './types/bic.ts';
import { brCnpj } from './types/br-cnpj.ts';
import { brCpf } from './types/br-cpf.ts';
import { caSin } from './types/ca-sin.ts';
import { chAhv } from './types/ch-ahv.ts';
import { clRut } from './types/cl-rut.ts';
import { cnResidentId } from './types/cn-resident-id.ts';
import { cryptoAddress } from './types/crypto-address.ts';
import { cryptoPrivateKey } from './types/crypto-private-key.ts';
import { dateOfBirth } from './types/date-of-birth.ts';
import { deSteuerId } from './types/de-steuer-id.ts';
import { email } from './types/email.ts';
import { esDni } from './types/es-dni.ts';
import { fiHetu } from './types/fi-hetu.ts';
import { frNir } from './types/fr-nir.ts';
import { gcpKey } from './types/gcp-key.ts';
import { genericSecret } from './types/generic-secret.ts';
import { githubToken } from './types/github-token.ts';
import { gitlabToken } from './types/gitlab-token.ts';
import { hrOib } from './types/hr-oib.ts';
import { httpAuthorization } from './types/http-authorization.ts';
import { iban } from './types/iban.ts';
import { iePps } from './types/ie-pps.ts';
import { inAadhaar } from './types/in-aadhaar.ts';
import { inPan } from './types/in-pan.ts';
import { ipv4 } from './types/ipv4.ts';
import { ipv6 } from './types/ipv6.ts';
import { itCodiceFiscale } from './types/it-codice-fiscale.ts';
import { jwt } from './types/jwt.ts';
import { krRrn } from './types/kr-rrn.ts';
import { mxCurp } from './types/mx-curp.ts';
import { nlBsn } from './types/nl-bsn.ts';
import { noFnr } from './types/no-fnr.ts';
import { npmToken } from './types/npm-token.ts';
import { passportMrz } from './types/passport-mrz.ts';
import { password } from './types/password.ts';
import { paymentCard } from './types/payment-card.ts';
import { phone } from './types/phone.ts';
import { plPesel } from './types/pl-pesel.ts';
import { privateKey } from './types/private-key.ts';
import { roCnp } from './types/ro-cnp.ts';
import { sePersonnummer } from './types/se-personnummer.ts';
import { serviceToken } from './types/service-token.ts';
import { sgNric } from './types/sg-nric.ts';
import { slackToken } from './types/slack-token.ts';
import { stripeKey } from './types/stripe-key.ts';
import { telegramToken } from './types/telegram-token.ts';
import { trTckn } from './types/tr-tckn.ts';
import { ukNhs } from './types/uk-nhs.ts';
import { ukNino } from './types/uk-nino.ts';
import { urlPassword } from './types/url-password.ts';
import { usBankRouting } from './types/us-bank-routing.ts';
import { usDea } from './types/us-dea.ts';
import { usItin } from './types/us-itin.ts';
import { usMbi } from './types/us-mbi.ts';
import { usNpi } from './types/us-npi.ts';
import { usSsn } from './types/us-ssn.ts';
import { vin } from './types/vin.ts';
import { zaId } from './types/za-id.ts';

export const DATA_TYPES: readonly DataType[] = Object.freeze([
  paymentCard,
  iban,
  bic,
  usBankRouting,
  cryptoAddress,
  email,
  phone,
  dateOfBirth,
  passportMrz,
  usSsn,
  usItin,
  caSin,
  mxCurp,
  brCpf,
  brCnpj,
  clRut,
  ukNino,
  iePps,
  deSteuerId,
  atSvnr,
  chAhv,
  frNir,
  beRrn,
  nlBsn,
  esDni,
  itCodiceFiscale,
  plPesel,
  roCnp,
  hrOib,
  sePersonnummer,
  noFnr,
  fiHetu,
  trTckn,
  zaId,
  inAadhaar,
  inPan,
  cnResidentId,
  krRrn,
  sgNric,
  auTfn,
  ukNhs,
  usMbi,
  usNpi,
  usDea,
  auMedicare,
  ipv4,
  ipv6,
  vin,
  privateKey,
  jwt,
  httpAuthorization,
  urlPassword,
  password,
  genericSecret,
  awsAccessKey,
  awsSecretKey,
  azureKey,
  gcpKey,
  githubToken,
  gitlabToken,
  npmToken,
  slackToken,
  stripeKey,
  telegramToken,
  aiServiceKey,
  serviceToken,
  cryptoPrivateKey,
]);

const BY_NAME: ReadonlyMap<string, DataType> = new Map(DATA_TYPES.map((type) => [type.name, type]));

export function dataTypeNamed(name: string): DataType | undefined {
  return BY_NAME.get(name);
}

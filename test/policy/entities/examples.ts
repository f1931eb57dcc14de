// Texts with and without values of each type: what is to be found stands in double brackets. Numbers are published
// test numbers or made up with valid check digits (compared with another implementation); tokens are drawn by a
// fixed generator, so that nobody takes them for real ones.

import { crc32 } from '../../../src/base/crc32.ts';

export interface Examples {
  readonly finds: readonly string[];
  readonly ignores: readonly string[];
}

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `length` characters that look drawn at random and are the same each time. */
export function made(length: number, alphabet: string = ALNUM, seed = 7): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return alphabet.charAt(Math.floor(((state >>> 8) / 2 ** 24) * alphabet.length));
  }).join('');
}

const HEX = '0123456789abcdef';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function withSum(prefix: string, seed: number): string {
  const body = made(30, ALNUM, seed);
  let rest = crc32(body);
  let sum = '';
  for (let digit = 0; digit < 6; digit++) {
    sum = BASE62.charAt(rest % 62) + sum;
    rest = Math.floor(rest / 62);
  }
  return prefix + body + sum;
}

/** Six ways to write down a value, and six that it must not be found in. */
function tokenExamples(one: string, other: string, wrong: readonly string[]): Examples {
  return {
    finds: [
      `[[${one}]]`,
      `token: [[${other}]].`,
      `{"key":"[[${one}]]","x":1}`,
      `<code>[[${other}]]</code>`,
      `line\\n[[${one}]]\\n`,
      `?t=[[${other}]]&x=1 and [[${one}]]`,
    ],
    ignores: [
      `x${one}`,
      `${one}${one}`.slice(0, -3).replaceAll(/[-_.]/g, ''),
      one.slice(0, 12),
      ...wrong,
    ],
  };
}

/** A number with its separators, six valid ones; the ignored ones are derived. */
function numberExamples(
  valid: readonly string[],
  context = '',
  ignores: readonly string[] = [],
): Examples {
  const changed = (value: string): string => {
    const at = value.search(/[0-9](?=[^0-9]*[A-Za-z]?$)/);
    return `${value.slice(0, at)}${(Number(value[at]) + 1) % 10}${value.slice(at + 1)}`;
  };
  const frames = [
    (value: string) => `${context}[[${value}]]`,
    (value: string) => `${context}[[${value}]], and more`,
    (value: string) => `text before; ${context}[[${value}]].`,
    (value: string) => `${context}"[[${value}]]"`,
    (value: string) => `(${context}[[${value}]])`,
    (value: string) => `<td>${context}[[${value}]]</td>`,
  ];
  const first = valid[0]!;
  return {
    finds: valid.map((value, at) => frames[at % frames.length]!(value)),
    ignores: [
      `${context}x${first}`,
      `${context}${first}7`,
      `${context}${first}x`,
      ...valid.slice(1, 4).map((value) => context + changed(value)),
      ...(context === '' ? [`9${first}`] : [`amount ${first}`, `{"order":"${first}"}`]),
      ...ignores,
    ],
  };
}

const JWT_HEAD = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9';
const JWT_BODY = 'eyJzdWIiOiIxMjM0NTY3ODkwIn0';
const PEM = made(64 * 3).replace(/.{64}/g, '$&\n');

export const EXAMPLES: Readonly<Record<string, Examples>> = {
  'payment-card': {
    finds: [
      '[[4111 1111 1111 1111]]',
      'card [[5555-5555-5555-4444]] exp 12/27',
      '{"pan":[[378282246310005]]}',
      '[[6011111111111117]],[[3530111333300000]]',
      'Diners [[3056 930902 5904]], Maestro [[6759649826438453]]',
      'Mir [[2200000000000004]] UnionPay [[6200000000000005]] MC [[2223003122003222]]',
      '\\n[[4012888888881881]]\\n',
      'pan%3D[[4242424242424242]]%26',
    ],
    ignores: [
      '4111 1111 1111 1112',
      '14111111111111111',
      '41111111111111111111',
      '0.4111111111111111',
      '4111111111111111.5',
      'a4111111111111111',
      '4111-1111 1111-1111',
      '9999999999999995',
      '0000000000000000',
      '1-4111-1111-1111-1111',
    ],
  },
  iban: {
    finds: [
      '[[DE89370400440532013000]]',
      'IBAN [[DE89 3704 0044 0532 0130 00]]',
      '"[[GB82WEST12345698765432]]"',
      '[[FR14 2004 1010 0505 0001 3M02 606]].',
      '[[NL91ABNA0417164300]], [[NO93 8601 1117 947]]',
      '[[BR18 0036 0305 0000 1000 9795 493C 1]]',
    ],
    ignores: [
      'DE88370400440532013000',
      'DE8937040044053201300',
      'DE893704004405320130000',
      'ZZ89370400440532013000',
      'de89370400440532013000',
      'DE89 3704 0044 0532 013 000',
      'XDE89370400440532013000',
    ],
  },
  bic: {
    finds: [
      'BIC [[DEUTDEFF]]',
      'SWIFT: [[DEUTDEFF500]]',
      '{"bic":"[[COBADEFFXXX]]"}',
      'swift code [[NWBKGB2L]]',
      '<td>BIC</td><td>[[BNPAFRPP]]</td>',
      'SWIFT/BIC: [[CHASUS33]]',
    ],
    ignores: [
      'DEUTDEFF',
      'BIC deutdeff',
      'BIC DEUTZZFF',
      'BIC DEUTDEFF5',
      'DOCUMENT',
      'swift RESPONSES',
      'a cubic DEUTDEFF',
    ],
  },
  'us-bank-routing': numberExamples(
    ['021000021', '011401533', '091000019', '121000248', '122105155', '026009593'],
    'routing number: ',
    ['routing 999999992', 'routing 000000000'],
  ),
  'crypto-address': {
    finds: [
      '[[1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa]]',
      'to [[3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy]].',
      '[[bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq]]',
      '[[bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr]]',
      '"[[0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed]]"',
      '[[0xde709f2102306220921060314715629080e2fb77]]',
    ],
    ignores: [
      '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb',
      'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp',
      '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD',
      '0xde709f2102306220921060314715629080e2fb7',
      '0x0000000000000000000000000000000000000000',
      'x1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
      '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNaa',
    ],
  },
  email: {
    finds: [
      '[[john.doe@example.com]]',
      'Write to [[a+b@mail.example.co.uk]].',
      '<[[first_last-1@sub.example.org]]>',
      '{"m":"\\n[[x@example.museum]]"}',
      'mailto:[[info@xn--bcher-kva.example]]?subject=x',
      'q=%20[[user99@example.io]]&y',
    ],
    ignores: [
      'john.doe@localhost',
      '@example.com',
      'logo@2x.png',
      'a@b@',
      'pkg@1.2.3',
      'john.@example.com',
      'a..b@example.com',
      `${'a'.repeat(65)}@example.com`,
      'x@-example.com',
    ],
  },
  phone: {
    finds: [
      '[[+1 415 555 2671]]',
      'Tel. [[+49 30 901820]] or [[+44 20 7946 0958]]',
      '[[(415) 555-2671]]',
      '[[415-555-2671]], [[1-415-555-2671]]',
      '[[01 42 68 53 00]]',
      '{"phone":"[[4155552671]]"}',
      '[[020 7946 0958]]',
      '[[+4915112345678]]',
    ],
    ignores: [
      '4155552671',
      '+1 415 555 267',
      '+1 115 555 2671',
      '115-555-2671',
      'a+4915112345678',
      '+0200',
      '2024-05-06 12:30',
      '256*e[6]+4294967296',
      '415-555-26711',
      '+1234567890123456',
      'order 1234567890',
    ],
  },
  'date-of-birth': {
    finds: [
      'DOB: [[12/03/1984]]',
      '"dateOfBirth":"[[1984-03-12]]"',
      'born on [[31.12.1970]]',
      'birth_date=[[1999-02-28]]',
      'Geburtsdatum: [[1.2.1990]]',
      'dob: [[19840312]]',
    ],
    ignores: [
      '12/03/1984',
      'created 1984-03-12',
      'DOB: 32/13/1984',
      'dob: 1984-02-30',
      'adobe 12/03/1984',
      '{"dob":"","created":"2024-01-01"}',
      'DOB: 12/03/984',
    ],
  },
  'passport-mrz': {
    finds: [
      '[[P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10]]',
      'x [[P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\r\nL898902C36UTO7408122F1204159ZE184226B<<<<<10]] y',
      '{"mrz":"[[P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\\nL898902C36UTO7408122F1204159ZE184226B<<<<<10]]"}',
      '[[I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<]]',
      '[[I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6]]',
      '[[P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<< L898902C36UTO7408122F1204159ZE184226B<<<<<10]]',
    ],
    ignores: [
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C37UTO7408122F1204159ZE184226B<<<<<10',
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<14',
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<101',
      'I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<7\nERIKSSON<<ANNA<MARIA<<<<<<<<<<',
      'PASSPORT AND ID CARD',
    ],
  },
  'us-ssn': {
    finds: [
      '[[536-90-4399]]',
      'SSN [[144013602]]',
      'social security number: [[634 10 8694]]',
      '{"ssn":"[[480-46-3836]]"}',
      '[[778-49-6601]].',
      'taxpayer [[446-56-3035]], x',
    ],
    ignores: [
      '000-12-3456',
      '666-12-3456',
      '900-12-3456',
      '536-00-4399',
      '536-90-0000',
      '078-05-1120',
      '536904399',
      '1-536-90-4399',
      '536-90-43990',
    ],
  },
  'us-itin': {
    finds: [
      '[[912-70-1234]]',
      'ITIN [[900-50-0001]]',
      'itin=[[912701234]]',
      '[[999-88-7777]].',
      '"[[955-94-1111]]"',
      '[[931-65-2222]], x',
    ],
    ignores: [
      '912-69-1234',
      '912-89-1234',
      '812-70-1234',
      '912701234',
      '912-70-12345',
      '912-93-1234',
      'x912-70-1234',
    ],
  },
  'ca-sin': numberExamples(
    ['426-679-908', '267-157-022', '135-430-189', '448-542-175', '714-685-831', '370-328-577'],
    '',
    ['046 454 286', '046-454-286', '426679908'],
  ),
  'mx-curp': numberExamples([
    'GARC980723HDFVBD00',
    'GARC551115HDFRWN03',
    'GARC920907HDFWZC08',
    'GARC550313HDFVJS09',
    'GARC541114HDFPBF07',
    'GARC750104HDFDSB03',
  ]),
  'br-cpf': numberExamples(
    [
      '529.982.247-25',
      '479.687.695-23',
      '298.869.079-08',
      '117.655.713-08',
      '267.530.643-62',
      '282.232.024-17',
    ],
    '',
    ['52998224725', '111.111.111-11'],
  ),
  'br-cnpj': numberExamples(
    [
      '98.698.603/2854-34',
      '13.281.369/6390-57',
      '23.759.331/5951-17',
      '06.790.387/5946-58',
      '90.346.230/3682-02',
      '12.ABC.345/01DE-35',
    ],
    '',
    ['98698603285434'],
  ),
  'cl-rut': numberExamples(
    [
      '19.566.934-1',
      '16.884.951-6',
      '13.653.595-1',
      '17.741.639-8',
      '15.232.299-2',
      '18.857.674-5',
    ],
    '',
    ['19566934-1'],
  ),
  'uk-nino': {
    finds: [
      '[[NA041863A]]',
      'NI: [[SN 62 23 35 A]].',
      '"[[SE876978A]]"',
      '[[LK-78-80-15-A]]',
      '<b>[[GA223706D]]</b>',
      '[[GG910472B]], x',
    ],
    ignores: [
      'QQ123456C',
      'GB123456A',
      'NA041863E',
      'na041863a',
      'NA0418631',
      'NA041863AB',
      'NA 04 18 63',
      'DA041863A',
    ],
  },
  'ie-pps': numberExamples(
    ['4826045N', '9319489R', '5536567N', '2833484O', '8325138M', '1234567TW'],
    'PPS ',
  ),
  'de-steuer-id': numberExamples(
    [
      '96 032 766 819',
      '31 160 859 126',
      '25 619 608 367',
      '60 251 457 838',
      '83 012 146 176',
      '37 206 922 817',
    ],
    '',
    ['96032766819', '11 111 111 111'],
  ),
  'at-svnr': numberExamples(
    ['4513200284', '7286260669', '6783140567', '6529131091', '3272031058', '1244210965'],
    'SVNR ',
    ['SVNR 3950211073'],
  ),
  'ch-ahv': numberExamples(
    [
      '756.4805.7355.27',
      '756.6440.1479.63',
      '756.0883.0983.70',
      '756.1483.8815.91',
      '756.1168.9917.37',
      '7561081040337',
    ]
      .slice(0, 5)
      .concat('756.1081.0403.45'),
  ),
  'fr-nir': numberExamples([
    '188063530221960',
    '1 53 12 17 345 793 08',
    '150127131097352',
    '192021132357643',
    '155083837940208',
    '162091236153613',
  ]),
  'be-rrn': numberExamples([
    '81.02.23-844.84',
    '88.04.23-009.13',
    '90.01.16-025.34',
    '76.12.20-460.38',
    '66.12.02-997.25',
    '88.05.27-305.89',
  ]),
  'nl-bsn': numberExamples(
    ['602892831', '339557254', '981632932', '265288861', '624499935', '129055451'],
    'BSN: ',
  ),
  'es-dni': numberExamples(
    ['38222978Z', '93209095P', '80037646S', '28812814R', '11277888-E', 'X1234567L'],
    '',
    ['38222978A', 'X1234567T'],
  ),
  'it-codice-fiscale': numberExamples(
    [
      'MLFFNX91B64H745M',
      'HHBNZN38A82H666P',
      'CTNZDJ60S08H115W',
      'HFVJFG07M56H757W',
      'VCLJBH37H22H911V',
      'rssmra85t10a562s',
    ],
    '',
    ['MLFFNX91X64H745M'],
  ),
  'pl-pesel': numberExamples(
    ['51022802925', '70050190156', '82091763424', '66102116959', '97111615799', '58121287406'],
    'PESEL ',
  ),
  'ro-cnp': numberExamples(
    [
      '1730318128775',
      '1960720120645',
      '1520916129860',
      '1591125128238',
      '1890612120981',
      '1960913125101',
    ],
    'CNP ',
  ),
  'hr-oib': numberExamples(
    ['41554688591', '58455691829', '54068522360', '28310392475', '19526570238', '82710959889'],
    'OIB: ',
  ),
  'se-personnummer': numberExamples(
    ['901025-9068', '790227-1985', '19771004-4293', '660118-0265', '640601+2127', '951110-4912'],
    '',
    ['901325-9068'],
  ),
  'no-fnr': numberExamples(
    ['25098735065', '15109304880', '22065096513', '03029723302', '28118832126', '12026399287'],
    'fnr ',
  ),
  'fi-hetu': numberExamples(
    ['171168-4939', '170267-265D', '220893-517A', '270479-0698', '160250-3781', '180392-237D'],
    '',
    ['171168-493X'],
  ),
  'tr-tckn': numberExamples(
    ['52585776498', '43930125276', '93235808312', '54333663272', '92514876394', '79688768694'],
    'TCKN ',
  ),
  'za-id': numberExamples(
    [
      '8312171612089',
      '8405282196081',
      '9811248510084',
      '7502053714083',
      '7405271439089',
      '9309144223084',
    ],
    'ID number ',
    ['1700000000000'],
  ),
  'in-aadhaar': numberExamples(
    [
      '2388 6603 2060',
      '2267-9004-0224',
      '3870 2180 8158',
      '3993 2182 4811',
      '5167 9099 0239',
      '3579 8150 7338',
    ],
    '',
    ['238866032060', '2388 6603 2060 1234'],
  ),
  'in-pan': {
    finds: [
      '[[QKVPY4163X]]',
      'PAN [[UGWPW0033B]].',
      '"[[LMNPB3648K]]"',
      '[[ZZGCZ0208K]]',
      '(PAN: [[PMHHI8649A]])',
      '[[FUNPG3021I]], x',
    ],
    ignores: [
      'QKVXY4163X',
      'QKVPY0000X',
      'qkvpy4163x',
      'QKVPY4163',
      'QKVPY4163XX',
      '1QKVPY4163X',
      'QKVPY41631',
    ],
  },
  'cn-resident-id': numberExamples([
    '110105195703205471',
    '110105199803229663',
    '110105199002171908',
    '110105197412152428',
    '110105198602285656',
    '11010519491231002X',
  ]),
  'kr-rrn': {
    finds: [
      '[[510914-1797028]]',
      'RRN [[690817-1083131]].',
      '"[[740803-1493486]]"',
      '[[930705-1850908]]',
      '([[680113-1882485]])',
      '[[520421-2122597]], x',
    ],
    ignores: [
      '511314-1797028',
      '510932-1797028',
      '510914-9797028',
      '510914-179702',
      '510914-17970281',
      '5109141797028',
      'x510914-1797028',
    ],
  },
  'sg-nric': numberExamples(
    ['S5000346I', 'S2292459A', 'S9745686J', 'S4236578E', 'S7729075C', 'S6660153F'],
    '',
    ['S5000346J', 's5000346i', 'X5000346I'],
  ),
  'au-tfn': numberExamples(
    ['453806632', '587849765', '001193404', '289 227 269', '421455940', '733-964-373'],
    'TFN ',
  ),
  'uk-nhs': numberExamples(
    ['943 476 5919', '9434765919', '401 023 2137', '450-557-7104', '9434765870', '943 476 5870'],
    'NHS number: ',
  ),
  'us-mbi': {
    finds: [
      '[[1EG4-TE5-MK73]]',
      '[[1EG4TE5MK73]]',
      'Medicare [[2AC6-A91-AA11]].',
      '"[[9KD0XY2AC45]]"',
      '([[3N00N00AA00]])',
      '<p>[[4CF7-CC8-CC99]]</p>',
    ],
    ignores: [
      '0EG4-TE5-MK73',
      '1SG4-TE5-MK73',
      '1EG4-TE5-MK7',
      '1EG4-TE5-MK733',
      '1eg4te5mk73',
      '1EG4TE5MKK3',
      'X1EG4TE5MK73',
    ],
  },
  'us-npi': numberExamples(
    ['1234567893', '1245319599', '1679576722', '1003000126', '1972583148', '1538144917']
      .slice(0, 4)
      .concat('1467560003', '1497758544'),
    'NPI ',
    ['NPI 3234567893'],
  ),
  'us-dea': {
    finds: [
      'DEA [[AP5836727]]',
      'DEA number: [[FA1234563]]',
      '{"dea":"[[BB1388568]]"}',
      'dea no [[MR2154211]]',
      'DEA: [[AB1234563]].',
      'DEA registration [[F91234563]]',
    ],
    ignores: [
      'AP5836727',
      'DEA AP5836728',
      'DEA ZP5836727',
      'DEA ap5836727',
      'DEA AP58367271',
      'idea AP5836727',
      'DEA A5836727',
    ],
  },
  'au-medicare': {
    finds: [
      'Medicare [[2123 45670 1]]',
      'medicare number: [[2123456701]]',
      '{"medicare":"[[6123 45674 5]]"}',
      'Medicare card [[2000 00002 1]].',
      'Medicare no [[30000000311]]',
      '(Medicare [[4000 00004 2]])',
    ],
    ignores: [
      '2123 45670 1',
      'Medicare 2123 45671 1',
      'Medicare 1123 45679 1',
      'Medicare 212345670',
      'Medicare x2123456701',
      'Medicare 2123456701123',
    ],
  },
  ipv4: {
    finds: [
      '[[10.1.2.3]]',
      'from [[192.168.0.254]]:8080',
      '"[[8.8.8.8]]"',
      '[[172.16.0.1]]/12',
      'host [[203.0.113.9]].',
      '\\n[[198.51.100.7]]\\n',
    ],
    ignores: [
      '127.0.0.1',
      '0.0.0.0',
      '256.1.1.1',
      '1.2.3',
      '1.2.3.4.5',
      'v1.2.3.4',
      '01.2.3.4',
      'a-1.2.3.4',
      '1.2.3.4-beta',
    ],
  },
  ipv6: {
    finds: [
      '[[2001:db8::1]]',
      'from [[fe80::1ff:fe23:4567:890a]]%eth0',
      '[ [[2001:0db8:85a3:0000:0000:8a2e:0370:7334]] ]',
      '"[[::ffff:192.0.2.128]]"',
      '[[2001:db8:1::ab9:C0A8:102]].',
      '{"a":"[[2a00:1450:4001:82b::200e]]"}',
    ],
    ignores: [
      '::1',
      '::',
      '12:30:45',
      'aa:bb:cc:dd:ee:ff',
      'abc::add',
      'std::vector',
      '2001:db8::1::2',
      '1:2:3:4:5:6:7:8:9',
      'x2001:db8::1',
    ],
  },
  vin: numberExamples(
    [
      '1HGCM82633A004352',
      '1M8GDM9AXKP042788',
      '5GZCZ43D13S812715',
      '1FTFW1ET9DFC10312',
      'JH4KA826XMC000001',
      '4T1BE32K75U523456',
    ],
    '',
    ['1HGCM82633A00435I', '1hgcm82633a004352'],
  ),
  'private-key': {
    finds: [
      `[[-----BEGIN RSA PRIVATE KEY-----\n${PEM}-----END RSA PRIVATE KEY-----]]\n`,
      `{"key":"[[-----BEGIN PRIVATE KEY-----\\n${PEM.replaceAll('\n', '\\n')}-----END PRIVATE KEY-----]]\\n"}`,
      `[[-----BEGIN OPENSSH PRIVATE KEY-----\r\n${PEM}-----END OPENSSH PRIVATE KEY-----]]`,
      `[[-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n${PEM}-----END EC PRIVATE KEY-----]]`,
      `[[-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2.0.22 (GNU/Linux)\n\n${PEM}-----END PGP PRIVATE KEY BLOCK-----]]`,
      `cut [[-----BEGIN ENCRYPTED PRIVATE KEY-----\n${PEM}]]"`,
    ],
    ignores: [
      `-----BEGIN PUBLIC KEY-----\n${PEM}-----END PUBLIC KEY-----`,
      `-----BEGIN CERTIFICATE-----\n${PEM}-----END CERTIFICATE-----`,
      '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----',
      `BEGIN RSA PRIVATE KEY\n${PEM}`,
      '"-----BEGIN PRIVATE KEY-----" is the first line',
      `---BEGIN PRIVATE KEY---\n${PEM}`,
      '-'.repeat(300),
    ],
  },
  jwt: {
    finds: [
      `[[${JWT_HEAD}.${JWT_BODY}.${made(43)}]]`,
      `Authorization: Bearer [[${JWT_HEAD}.${JWT_BODY}.${made(43)}]]`,
      `{"t":"[[${JWT_HEAD}.${JWT_BODY}.${made(20)}_-${made(20)}]]"}`,
      `Set-Cookie: s=[[${JWT_HEAD}.${JWT_BODY}.${made(43)}]]; Path=/`,
      `none: [[eyJhbGciOiJub25lIn0.${JWT_BODY}.]] `,
      `[[eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.${made(40)}.${made(16)}.${made(30)}.${made(22)}]]`,
    ],
    ignores: [
      `${JWT_HEAD}.${JWT_BODY}`,
      `eyJzdWIiOiIxMjM0In0.${JWT_BODY}.${made(43)}`,
      `x${JWT_HEAD}.${JWT_BODY}.${made(43)}`,
      `-${JWT_HEAD}.${JWT_BODY}.${made(43)}`,
      'eyJ.eyJ.eyJ',
      `${JWT_HEAD}..${made(43)}`,
      `${JWT_HEAD}.a.b.c`,
    ],
  },
  'http-authorization': {
    finds: [
      'Authorization: Basic [[dXNlcjpwYXNzd29yZA==]]',
      'authorization: basic [[YWxhZGRpbjpvcGVuc2VzYW1l]]',
      `Authorization: Bearer [[${made(32)}]]`,
      `{"Authorization":"Bearer [[${made(40, ALNUM, 9)}]]"}`,
      `-H 'Authorization: Bearer [[${made(24, HEX)}]]'`,
      'Basic [[QWxhZGRpbjpvcGVuIHNlc2FtZQ==]]\r\n',
    ],
    ignores: [
      'Basic information',
      'Basic dXNlcg==',
      'Bearer of bad news',
      'Bearer aaaaaaaaaaaaaaaaaaaaaaaa',
      'Basic Authentication',
      'bearer token',
      `xBearer ${made(32)}`,
    ],
  },
  'url-password': {
    finds: [
      'postgres://user:[[s3cret]]@db.example/app',
      '"mongodb+srv://admin:[[p%40ss]]@cluster0.example.net"',
      'redis://:[[hunter2]]@localhost:6379/0',
      'https://bob:[[pa:ss]]@example.com/',
      'amqp://guest:[[guest@1]]@mq',
      'url=mysql://root:[[toor]]@10.0.0.1:3306',
    ],
    ignores: [
      'https://example.com:8080/a@b',
      'https://user@example.com/',
      'https://example.com/?q=a:b@c',
      'postgres://user:$' + '{PASSWORD}@db',
      'postgres://user:***@db',
      '://user:pass@host',
      'https://a:@example.com/',
    ],
  },
  password: {
    finds: [
      'user=bob&password=[[hunter2]]&x=1',
      '{"password":"[[correct horse]]"}',
      '{"dbPassword": "[[a\\"b\\\\c]]"}',
      "passwd = '[[letmein]]'",
      'Password: [[Tr0ub4dor&3]]'.replace('&3', '+3'),
      '{\\"pwd\\":\\"[[s3cr3t]]\\"}',
      'pass=[[y]]',
      'spring.datasource.password=[[q1w2e3]]',
    ],
    ignores: [
      'password=',
      'Password: required',
      'password=***',
      '{"password":null}',
      '"password":"$' + '{DB_PASSWORD}"',
      'password = getpass("x")',
      'compass=12345',
      '<input type="password" name="p">',
      'Forgot password? Click',
      'bypass: 12345',
    ],
  },
  'generic-secret': {
    finds: [
      `api_key=[[${made(32)}]]`,
      `"apiKey": "[[${made(24, ALNUM, 3)}]]"`,
      `CLIENT_SECRET: [[${made(40, ALNUM, 4)}]]`,
      `{"accessToken":"[[${made(30, ALNUM, 5)}]]"}`,
      `x-auth-token: [[${made(32, HEX, 6)}]]`,
      `encryption_key = "[[${made(43, ALNUM, 8)}=]]"`,
    ],
    ignores: [
      'api_key=YOUR_API_KEY_HERE_PLEASE',
      'api_key=short1',
      `csrf_token=${made(32)}`,
      `nextPageToken: "${made(32)}"`,
      `public_key=${made(32)}`,
      'secret=aaaaaaaaaaaaaaaaaaa1',
      `monkey=${made(32)}`,
      'token: undefined',
      'token = this$1$1.getToken(cancellation)',
    ],
  },
  'aws-access-key': tokenExamples(`AKIA${made(15, BASE32)}7`, `ASIA${made(15, BASE32, 3)}2`, [
    `AKIA${made(15, BASE32)}`,
    'AKIAAAAAAAAAAAAAAAAA',
    `akia${made(16, BASE32).toLowerCase()}`,
  ]),
  'aws-secret-key': {
    finds: [
      `aws_secret_access_key = [[${made(40)}]]`,
      `"SecretAccessKey":"[[${made(40, `${ALNUM}+/`, 3)}]]"`,
      `AWS_SECRET_ACCESS_KEY=[[${made(40, ALNUM, 4)}]]`,
      `secretAccessKey: '[[${made(40, ALNUM, 5)}]]'`,
      `aws.client.secret=[[${made(40, ALNUM, 6)}]]`,
      `{"aws_secret_key":"[[${made(40, ALNUM, 8)}]]"}`,
    ],
    ignores: [
      made(40),
      `key=${made(40)}`,
      `aws_secret_access_key=${made(39)}`,
      `aws_secret_access_key=${made(41)}`,
      `aws_secret_access_key=${'a'.repeat(40)}`,
      `aws_access_key_id=${made(40)}`,
      `secret=${made(40)}`,
    ],
  },
  'azure-key': {
    finds: [
      `AccountName=x;AccountKey=[[${made(86)}==]];EndpointSuffix=y`,
      `SharedAccessKey=[[${made(43)}=]]`,
      `?sv=2020&sig=[[${made(43)}%3D]]&se=1`,
      `secret [[abc8Q~${made(34)}]]`,
      `{"s":"[[x.y7Q~${made(31)}]]"}`,
      `AccountKey=[[${made(86, ALNUM, 5)}==]]`,
    ],
    ignores: [
      `AccountKey=${made(40)}==`,
      `AccountKey=${'A'.repeat(86)}==`,
      `sig=${made(20)}`,
      `abc8Q~${made(20)}`,
      `abcxQ~${made(34)}`,
      `zabc8Q~${made(34)}x`,
      'a ~ b, c~d',
    ],
  },
  'gcp-key': tokenExamples(`AIza${made(35)}`, `GOCSPX-${made(28)}`, [
    `AIza${made(34)}`,
    `AIza${'a'.repeat(35)}`,
    `GOCSPX-${made(20)}`,
  ]),
  'github-token': tokenExamples(withSum('ghp_', 3), withSum('gho_', 4), [
    `ghp_${made(36)}`,
    `ghp_${made(30)}`,
    `github_pat_${made(82)}`,
  ]),
  'gitlab-token': tokenExamples(`glpat-${made(20)}`, `gldt-${made(20, ALNUM, 3)}`, [
    `glpat-${made(10)}`,
    `glpat-${'a'.repeat(20)}`,
    'glpat-',
  ]),
  'npm-token': tokenExamples(withSum('npm_', 5), withSum('npm_', 6), [
    `npm_${made(36)}`,
    'npm_config_registry',
    `npm_${made(20)}`,
  ]),
  'slack-token': tokenExamples(`xoxb-123456789012-${made(24)}`, `xoxp-1234567890-${made(30)}`, [
    'xoxb-',
    'xoxb-aaaaaaaaaaaaaaaaaaaaaaa',
    'hooks.slack.com/services/x',
  ]),
  'stripe-key': tokenExamples(`sk_live_${made(24)}`, `rk_test_${made(40, ALNUM, 3)}`, [
    `pk_live_${made(24)}`,
    'sk_live_xxxxxxxxxxxxxxxxxxxxxxxx',
    `sk_live_${made(8)}`,
  ]),
  'telegram-token': tokenExamples(`123456789:AA${made(33)}`, `9876543210:AA${made(33, ALNUM, 3)}`, [
    `123456789:AB${made(33)}`,
    `1234567:AA${made(33)}`,
    `123456789:AA${'b'.repeat(33)}`,
  ]),
  'ai-service-key': tokenExamples(
    `sk-proj-${made(40)}T3BlbkFJ${made(40, ALNUM, 3)}`,
    `sk-ant-api03-${made(93)}AA`,
    [`sk-${made(48)}`, 'sk-ant-', 'hf_home'],
  ),
  'service-token': tokenExamples(
    `dop_v1_${made(64, HEX)}`,
    `SG.${made(22)}.${made(43, ALNUM, 3)}`,
    [`dop_v1_${made(63, HEX)}`, `SG.${made(66)}`, 'key-value'],
  ),
  'crypto-private-key': {
    finds: [
      '[[5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ]]',
      '[[KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617]].',
      '"[[5KYZdUEo39z3FPrtuX2QbbwGnNP5zTd7yyr2SC1j299sBCnWjss]]"',
      '[[xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi]]',
      'wif=[[KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617]]&x',
      '<b>[[5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ]]</b>',
    ],
    ignores: [
      '5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTK',
      made(51),
      `5${made(50)}`,
      'x5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ',
      'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHj',
      'xprv',
    ],
  },
};

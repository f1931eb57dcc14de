// Tokens of further services, one line each: what marks them and how long they are.

import { crc32 } from '../../../base/crc32.ts';
import { isBech32 } from '../bech32.ts';
import type { DataType } from '../data-type.ts';
import { defineTokens, looksRandom, type TokenForm } from '../tokens.ts';

const random = (
  prefix: string,
  length: TokenForm['length'],
  alphabet: NonNullable<TokenForm['alphabet']> = 'alnum',
  also = '',
): TokenForm => ({ prefix, length, alphabet, also, isValid: looksRandom });

/** Grafana writes the CRC-32 of what stands in front of the last underscore behind it. */
function hasGrafanaSum(body: string): boolean {
  const [secret = '', sum = ''] = body.split('_');
  return (
    secret.length === 32 &&
    (crc32(`glsa_${secret}`) === Number.parseInt(sum, 16) ||
      crc32(secret) === Number.parseInt(sum, 16))
  );
}

const FORMS: readonly TokenForm[] = [
  // Clouds and hosting.
  random('dop_v1_', 64, 'hex'),
  random('doo_v1_', 64, 'hex'),
  random('dor_v1_', 64, 'hex'),
  random('HRKU-', [36, 80], 'alnum', '-_'),
  random('nfp_', [36, 64]),
  random('sbp_', 40, 'hex'),
  random('pscale_tkn_', [32, 64], 'alnum', '_-.='),
  random('pscale_pw_', [32, 64], 'alnum', '_-.='),
  random('pscale_oauth_', [32, 64], 'alnum', '_-.='),
  random('dapi', [32, 36], 'hex', '-'),
  random('hvs.', [24, 300], 'alnum', '_-'),
  random('hvb.', [100, 300], 'alnum', '_-'),
  random('hvr.', [24, 300], 'alnum', '_-'),
  random('dp.pt.', [40, 48]),
  random('dp.st.', [40, 80], 'alnum', '._-'),
  // Packages and containers.
  random('pypi-AgEIcHlwaS5vcmc', [50, 300], 'alnum', '_-'),
  random('rubygems_', 48, 'hex'),
  random('dckr_pat_', 27, 'alnum', '_-'),
  random('dckr_oat_', 32, 'alnum', '_-'),
  random('CLOJARS_', 60, 'alnum'),
  // Mail and messages.
  {
    prefix: 'SG.',
    also: '_-.',
    length: 66,
    isValid: (body: string) => body.charAt(22) === '.' && looksRandom(body),
  },
  random('key-', 32, 'hex'),
  random('xkeysib-', 81, 'alnum', '-'),
  random('SK', 32, 'hex'),
  // Shops and money.
  random('shpat_', 32, 'hex'),
  random('shpca_', 32, 'hex'),
  random('shppa_', 32, 'hex'),
  random('shpss_', 32, 'hex'),
  random('sq0csp-', 43, 'alnum', '_-'),
  random('sq0atp-', 22, 'alnum', '_-'),
  // Development and operations.
  { prefix: 'glsa_', also: '_', length: 41, isValid: hasGrafanaSum },
  random('glc_', [32, 400], 'alnum', '+/='),
  random('NRAK-', 27, 'upper'),
  random('PMAK-', 59, 'hex', '-'),
  random('lin_api_', 40),
  random('lin_oauth_', 64, 'hex'),
  random('sntrys_', [80, 400], 'alnum', '+/=_'),
  random('sntryu_', 64, 'hex'),
  random('ATATT3', [150, 250], 'alnum', '_-='),
  random('figd_', [40, 50], 'alnum', '_-'),
  random('ntn_', [43, 50]),
  random('CFPAT-', 43, 'alnum', '_-'),
  random('phx_', [40, 50], 'alnum', '_-'),
  {
    prefix: 'AGE-SECRET-KEY-1',
    alphabet: 'upper',
    length: 58,
    isValid: (_body: string, token: string) => isBech32(token),
  },
];

export const serviceToken: DataType = defineTokens({
  name: 'service-token',
  summary:
    'tokens of some forty further services: DigitalOcean, Heroku, Vault, PyPI, Docker, SendGrid, Shopify, Grafana and others',
  evidence: 'format',
  rank: 80,
  forms: FORMS,
});

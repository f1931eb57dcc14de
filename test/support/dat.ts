// Writes small databases in MaxMind's legacy format: a path of nodes for each network, answers at their ends.

const byte = String.fromCharCode;

/** Three bytes, the low one first. */
export function three(value: number): string {
  return byte(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff);
}

export interface DatNetwork {
  /** `64.17.254.0/24` */
  readonly network: string;
  /** What the tree answers, less the number of its nodes. */
  readonly answer: number;
}

type Node = [left: Node | number, right: Node | number];

/** The tree, padded to `nodes` pointers' worth where answers begin at a fixed number. */
function tree(networks: readonly DatNetwork[], begin: number | undefined, unknown: number): string {
  const nodes: Node[] = [[-1, -1]];
  for (const { network, answer } of networks) {
    const [address = '', length = '32'] = network.split('/');
    const bits = address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('')
      .slice(0, Number(length));
    let node = nodes[0] as Node;
    for (const [at, bit] of [...bits].entries()) {
      const side = Number(bit) as 0 | 1;
      if (at === bits.length - 1) {
        node[side] = answer;
        break;
      }
      let next = node[side];
      if (typeof next === 'number') {
        next = [-1, -1];
        nodes.push(next);
        node[side] = next;
      }
      node = next;
    }
  }
  const first = begin ?? nodes.length;
  const pointer = (to: Node | number): string => {
    if (typeof to !== 'number') return three(nodes.indexOf(to));
    return three(first + (to === -1 ? unknown : to));
  };
  return nodes.map(([left, right]) => pointer(left) + pointer(right)).join('');
}

export interface DatCity {
  readonly network: string;
  /** Place in the list of countries. */
  readonly country: number;
  readonly region?: string;
  readonly city?: string;
  readonly postal?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  /** Metro code and area code: 803310. */
  readonly codes?: number;
}

const degrees = (value = 0): string => three(Math.round((value + 180) * 10_000));

/** A city for databases that only need to know one. */
export const EL_SEGUNDO: DatCity = {
  network: '64.17.254.0/24',
  country: 225,
  region: 'CA',
  city: 'El Segundo',
  postal: '90245',
  latitude: 33.9164,
  longitude: -118.404,
  codes: 803_310,
};

/** A City database; `kind` 2 has metro and area codes for the United States, 6 has none. */
export function datCityFile(cities: readonly DatCity[], kind = 2): string {
  let records = byte(0);
  const networks = cities.map((one) => {
    const answer = records.length;
    records += `${byte(one.country)}${one.region ?? ''}\0${one.city ?? ''}\0${one.postal ?? ''}\0`;
    records += degrees(one.latitude) + degrees(one.longitude);
    if (one.codes !== undefined) records += three(one.codes);
    return { network: one.network, answer };
  });
  const nodes = tree(networks, undefined, 0);
  return `${nodes}${records}\xff\xff\xff${byte(kind)}${three(nodes.length / 6)}`;
}

/** A Country (1) or Region (3, 7) database: answers begin at the number that the kind has. */
export function datPlainFile(kind: 1 | 3 | 7, networks: readonly DatNetwork[]): string {
  const begin = { 1: 16_776_960, 3: 16_000_000, 7: 16_700_000 }[kind];
  return `${tree(networks, begin, 0)}\xff\xff\xff${byte(kind + 105)}`;
}

// Words for invented traffic: plain nouns and names, chosen so that ordinary text stays ordinary.

const split = (text) => text.trim().split(/\s+/);

export const NOUNS = split(`
  account address album amount answer apple archive article autumn balance basket battery bicycle blanket book
  bottle bread bridge brush budget button cabin calendar camera candle carpet catalog ceiling chair channel cheese
  circle coat coffee color column comment contact cotton country course cover cup curtain customer daylight desk
  detail dinner district door drawer dress evening fabric family feature field figure filter flower folder forest
  frame garden glass glove gold group guest guitar hallway hammer handle harbor hat history holiday house image
  invoice island item jacket journey kettle key kitchen ladder lamp language leaf lemon letter library light line
  linen list locker magazine mailbox map market meadow measure member menu message metal milk minute mirror model
  moment morning mountain museum needle network notebook number object ocean office orange orchard oven package
  page paint paper park parcel pattern payment pencil people pepper photo picture pillow planet plate pocket poem
  portrait potato price product profile project quality quarter question railway rain receipt recipe record region
  report river road roof room rope sail sample scarf school season section shelf ship shirt shoe signal silver size
  sofa song soup space spoon spring square stage stair station stone storage story street student subject sugar
  summer surface table tailor teacher team theater thread ticket timber title tomato topic tower town towel toy
  track trade traffic train travel tree umbrella valley vase village violin visitor voice wallet water weather
  wheel window winter wood wool worker yard year`);

export const ADJECTIVES = split(`
  amber ample basic big blue bright broad brown calm central clean clear common cool cosy dark deep double dry
  early easy even fair famous fine firm flat fresh full gentle global good grand gray green happy heavy high kind
  large late light local long main mild modern narrow natural neat new nice noble old open outer plain polite
  private proper public pure quick quiet rapid rare ready red rich round royal rural safe sharp short silent simple
  slim slow small smooth soft solid special steady strong sunny sweet tall tidy tiny usual warm wide wild wise
  young`);

export const VERBS = split(`
  brings builds buys carries cleans closes counts covers delivers draws fills finds folds gives grows holds keeps
  leads lends lifts likes makes measures meets needs offers opens orders paints plans plays prepares presents
  reads reaches repairs sends serves shares shows sings starts stays stores takes teaches tests travels uses visits
  walks washes wears writes`);

export const FIRST_NAMES = split(`
  Ada Alice Amir Anna Aylin Ben Bruno Carla Chloe Daniel Diego Elena Emil Erik Fatima Felix Greta Hana Hugo Ines
  Ivan Jana Jonas Julia Karim Kenji Lara Leo Lina Lucas Maja Malik Maria Marta Mei Milan Nadia Noah Nora Oscar
  Paula Pedro Rosa Samir Sara Sofia Theo Tomas Vera Viktor Yara Yusuf Zoe`);

export const LAST_NAMES = split(`
  Adler Baker Bauer Becker Berg Blanc Braun Castro Costa Dahl Diaz Fischer Fontana Garcia Haas Hansen Ito Jansen
  Keller Klein Kovac Kumar Lang Larsen Lopez Marino Meyer Moreau Moretti Nilsson Novak Okafor Olsen Park Pereira
  Petrov Rossi Sato Schmidt Silva Singh Steiner Suzuki Tanaka Virtanen Vogel Wagner Weber Winter Wolf Yamada
  Zimmer`);

export const CITIES = split(`
  Aarhus Adelaide Bergen Bilbao Bologna Bordeaux Bremen Bristol Cardiff Cordoba Dresden Dublin Geneva Ghent Graz
  Hamburg Helsinki Kyoto Leeds Lima Lisbon Lyon Malmo Montreal Nagoya Nantes Oslo Ottawa Porto Prague Riga Salzburg
  Santiago Seville Split Stuttgart Tallinn Torino Turku Utrecht Valencia Verona Vilnius Warsaw Zurich`);

/** What people write that is not ASCII. */
export const OTHER_SCRIPTS = [
  'caf\u00e9 cr\u00e8me',
  'gr\u00fcne \u00c4pfel',
  'pi\u00f1ata ni\u00f1o',
  'sm\u00f8rrebr\u00f8d',
  '\u043f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440',
  '\u03ba\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1',
  '\u6771\u4eac\u30bf\u30ef\u30fc',
  '\u4e0a\u6d77\u5e02',
  '\uc548\ub155\ud558\uc138\uc694',
  'za\u017c\u00f3\u0142\u0107',
];

const capitalized = (word) => word[0].toUpperCase() + word.slice(1);

/** `the blue kettle opens a quiet garden`, with a full stop. */
export function sentence(random) {
  const object = () =>
    `${random.pick(['the', 'a', 'one', 'every', 'this'])} ${random.pick(ADJECTIVES)} ${random.pick(NOUNS)}`;
  const tail = random.chance(0.5)
    ? ` ${random.pick(['near', 'with', 'behind', 'beside', 'for'])} ${object()}`
    : '';
  return `${capitalized(object())} ${random.pick(VERBS)} ${object()}${tail}${random.pick(['.', '.', '.', ', as always.', '!'])}`;
}

/** Sentences of at least `length` bytes, cut to it exactly. */
export function prose(random, length) {
  let text = '';
  while (text.length < length) text += `${text === '' ? '' : ' '}${sentence(random)}`;
  return text.slice(0, length);
}

export const person = (random) => `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;

export function email(random) {
  const [first, last] = person(random).toLowerCase().split(' ');
  return `${first}.${last}${random.int(1, 999)}@${random.pick(NOUNS)}-${random.pick(NOUNS)}.example`;
}

export function isoDate(random) {
  const two = (number) => String(number).padStart(2, '0');
  return `${random.int(2015, 2027)}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
}

export function uuid(random) {
  const hex = random.hex(32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A name for a parameter or a key; with suffixes there are some hundred thousand. */
export function fieldName(random) {
  const [one, two] = [random.pick(NOUNS), random.pick(NOUNS)];
  return random.weighted([
    [4, one],
    [4, `${one}_${two}`],
    [3, one + capitalized(two)],
    [1, `${one}-${two}`],
    [1, `${one}${random.int(1, 99)}`],
  ]);
}

/** A value as found in query strings, forms and JSON; not encoded. */
export function fieldValue(random) {
  return random.weighted([
    [6, () => String(random.int(0, 99999))],
    [6, () => random.pick(NOUNS)],
    [4, () => `${random.pick(ADJECTIVES)} ${random.pick(NOUNS)}`],
    [2, () => person(random)],
    [2, () => random.pick(CITIES)],
    [2, () => isoDate(random)],
    [1, () => uuid(random)],
    [1, () => email(random)],
    [1, () => random.hex(32)],
    [1, () => (random.next() * 1000).toFixed(2)],
    [1, () => random.pick(['true', 'false', 'on', 'asc', 'desc', 'de', 'en', 'fr'])],
    [1, () => random.pick(OTHER_SCRIPTS)],
    [1, () => sentence(random)],
  ])();
}

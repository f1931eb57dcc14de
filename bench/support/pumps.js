// Crafted inputs for a pattern: texts that lead a matcher into each of its repeats and keep it there.
//
// From the tree of a pattern: for every repeat, a text that the pattern needs to get there, then the repeat's
// own body over and over, then a byte that lets the match fail. A backtracking engine needs polynomial or
// exponential time on some of them; ours has to stay linear.

const FAIL = '\x00';
const SAMPLES = 2;
const MAX_PUMPS = 60;

const isIn = (set, byte) => ((set[byte >>> 5] >>> (byte & 31)) & 1) === 1;

/** A byte of the set: what people type if there is any. */
function byteOf(set, random) {
  const printable = [];
  const others = [];
  for (let byte = 0; byte < 256; byte++) {
    if (isIn(set, byte)) (byte > 32 && byte < 127 ? printable : others).push(byte);
  }
  const all = printable.length > 0 && !random.chance(0.2) ? printable : [...printable, ...others];
  return all.length === 0 ? '' : String.fromCharCode(random.pick(all));
}

/** A text that the node matches, assertions and look-arounds left aside. */
export function sample(node, random) {
  switch (node.kind) {
    case 'set':
      return byteOf(node.set, random);
    case 'sequence':
      return node.items.map((item) => sample(item, random)).join('');
    case 'choice':
      return sample(random.pick(node.options), random);
    case 'group':
    case 'atomic':
      return sample(node.body, random);
    case 'repeat': {
      const times = Math.min(node.max, Math.max(node.min, random.int(0, 2)));
      return Array.from({ length: times }, () => sample(node.body, random)).join('');
    }
    default:
      return '';
  }
}

/** Calls `found` for every repeat with a text that leads to it. */
function walkRepeats(node, prefix, random, found) {
  switch (node.kind) {
    case 'sequence': {
      let before = prefix;
      for (const item of node.items) {
        walkRepeats(item, before, random, found);
        before += sample(item, random);
      }
      break;
    }
    case 'choice':
      for (const option of node.options) walkRepeats(option, prefix, random, found);
      break;
    case 'group':
    case 'atomic':
    case 'look':
      walkRepeats(node.body, prefix, random, found);
      break;
    case 'repeat':
      if (node.max > 8) found(prefix, node.body);
      walkRepeats(node.body, prefix, random, found);
      break;
  }
}

/**
 * Units to be repeated with what stands in front of them: `{prefix, unit}`. At most some dozens, drawn evenly
 * from those that the pattern offers.
 */
export function pumpsOf(root, random) {
  const pumps = new Map();
  const add = (prefix, unit) => {
    if (unit !== '' && unit.length < 200) pumps.set(`${prefix}\n${unit}`, { prefix, unit });
  };
  for (let round = 0; round < SAMPLES; round++) {
    walkRepeats(root, '', random, (prefix, body) => add(prefix, sample(body, random)));
    // Almost a match, again and again.
    const whole = sample(root, random);
    add('', whole.slice(0, -1));
    add('', whole.slice(0, whole.length >> 1));
  }
  for (const unit of ['a', ' ', '\r', '(', '/', '"', "'", '<', '.', '0']) add('', unit);
  return random.shuffle([...pumps.values()]).slice(0, MAX_PUMPS);
}

/** With `end` behind it; default: a byte that fails. */
export function pumped({ prefix, unit }, bytes, end = FAIL) {
  const room = Math.max(0, bytes - prefix.length - end.length);
  return prefix + unit.repeat(Math.ceil(room / unit.length)).slice(0, room) + end;
}

// Bar charts as SVG, plain enough to be read in a diff.

const BAR = 18;
const LEFT = 150;
const WIDTH = 720;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/**
 * Horizontal bars on a logarithmic scale. `groups` are `{label, bars: [{name, value, text}]}`; a colour belongs
 * to each name, in the order of their first appearance.
 */
export function barChart(title, groups) {
  const colours = ['#2a6f97', '#c1666b', '#6a994e', '#8d6a9f'];
  const names = [...new Set(groups.flatMap(({ bars }) => bars.map(({ name }) => name)))];
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value));
  const low = Math.log10(Math.min(...values)) - 0.3;
  const high = Math.log10(Math.max(...values));
  const length = (value) => ((Math.log10(value) - low) / (high - low)) * (WIDTH - LEFT - 160);
  const rows = [];
  let y = 60;
  for (const { label, bars } of groups) {
    const middle = y + (bars.length * BAR) / 2 + 4;
    rows.push(`<text x="${LEFT - 8}" y="${middle}" text-anchor="end">${escaped(label)}</text>`);
    for (const { name, value, text } of bars) {
      const width = length(value).toFixed(1);
      const colour = colours[names.indexOf(name) % colours.length];
      rows.push(
        `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR - 4}" fill="${colour}"/>`,
        `<text x="${LEFT + Number(width) + 6}" y="${y + 11}">${escaped(text)}</text>`,
      );
      y += BAR;
    }
    y += 10;
  }
  const legend = names.map(
    (name, index) =>
      `<rect x="${LEFT + index * 180}" y="32" width="12" height="12" fill="${colours[index % colours.length]}"/>` +
      `<text x="${LEFT + index * 180 + 18}" y="42">${escaped(name)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    `<text x="${LEFT}" y="20" font-size="14" font-weight="bold">${escaped(title)}</text>`,
    ...legend,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

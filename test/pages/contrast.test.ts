import t from 'tap';
import { createPages } from '../../src/pages/index.ts';

const { css } = createPages({ title: 'Halo' }).stylesheet;

/** The colours of the n-th `:root` block: light first, then dark. */
function colours(block: number): (name: string) => string {
  const text = [...css.matchAll(/:root \{([^}]*)\}/g)][block]?.[1] ?? '';
  return name => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(text)?.[1] ?? t.bailout(`no colour ${name}`) ?? '';
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map(start => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

for (const [block, scheme] of ['light', 'dark'].entries()) {
  t.test(`${scheme}: text stands out by 4.5:1, outlines of controls and of the focus by 3:1 (WCAG 2.2 AA)`, async t => {
    const colour = colours(block);
    const pairs = [
      ['text', 'card', 4.5],
      ['text', 'tint', 4.5],
      ['quiet', 'ground', 4.5],
      ['accent', 'ground', 4.5],
      ['on-accent', 'accent', 4.5],
      ['on-accent', 'accent-strong', 4.5],
      ['problem', 'card', 4.5],
      ['outline', 'card', 3],
      ['accent', 'card', 3],
      ['accent', 'ground', 3],
    ] as const;
    for (const [front, back, least] of pairs) {
      t.ok(contrast(colour(front), colour(back)) >= least, `${front} on ${back}`);
    }
  });
}

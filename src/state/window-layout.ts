// Which windows lie in a log, and in which order. Logs of many keys have the same rules and share a layout.

/** In front of all windows: when the last event of any of them has stopped counting. */
export const LOG_NUMBERS = 1;
/** A window's numbers: the latest time it was told, the sum in it, and where its oldest event lies if any. */
export const WINDOW_NUMBERS = 3;
/** An event's numbers: when, and for which windows and how much. */
export const EVENT_NUMBERS = 2;

/** So many windows have a bit in an event. */
const MAX_NAMES = 30;
/** Clients choose in which order rules count them first, and so which layouts there are. */
const MAX_LAYOUTS = 1000;

export class WindowLayout {
  readonly names: readonly string[];
  /** How many numbers are in front of the events. */
  readonly length: number;
  readonly #template: readonly number[];

  constructor(names: readonly string[]) {
    this.names = names;
    this.length = LOG_NUMBERS + names.length * WINDOW_NUMBERS;
    const template: number[] = [-Infinity];
    for (let at = 0; at < names.length; at++) template.push(-Infinity, 0, 0);
    for (let at = 0; at < EVENT_NUMBERS; at++) template.push(0);
    this.#template = template;
  }

  /** Empty windows, and room for one event: most clients come once. */
  fresh(): number[] {
    return this.#template.slice();
  }
}

/** The layouts of one store. */
export class WindowLayouts {
  readonly #behind = new Map<WindowLayout, Map<string, WindowLayout>>();
  readonly #root = new WindowLayout([]);
  /** What keys that begin with a name come to have: what the last one of them has. */
  readonly #usual = new Map<string, { readonly layout: WindowLayout }>();
  #count = 0;

  /** The layout with one more name; undefined when there are too many of them. */
  with(layout: WindowLayout, name: string): WindowLayout | undefined {
    const known = this.#behind.get(layout)?.get(name);
    if (known !== undefined) return known;
    if (layout.names.length >= MAX_NAMES || this.#count >= MAX_LAYOUTS) return undefined;
    this.#count++;
    const longer = new WindowLayout([...layout.names, name]);
    const siblings = this.#behind.get(layout);
    if (siblings === undefined) this.#behind.set(layout, new Map([[name, longer]]));
    else siblings.set(name, longer);
    return longer;
  }

  /** The layout for a new key that is asked for a name; undefined when there are too many. */
  first(name: string): WindowLayout | undefined {
    return this.#usual.get(name)?.layout ?? this.with(this.#root, name);
  }

  /** `log`: of a new key whose first name was that one. */
  began(name: string, log: { readonly layout: WindowLayout }): void {
    this.#usual.set(name, log);
  }
}

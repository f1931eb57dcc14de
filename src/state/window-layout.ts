// Which windows lie in a log, and in which order. Logs of many keys have the same rules and share a layout.

/** In front of all windows: the layout, where the last event ends, and the latest time. */
export const LOG_NUMBERS = 3;
/** A window's numbers: the latest time it was told, the sum in it, and where its oldest event lies if any. */
export const WINDOW_NUMBERS = 3;
/** An event's numbers: when, and for which windows and how much. */
export const EVENT_NUMBERS = 2;

/** So many windows have a bit in an event. */
const MAX_NAMES = 30;
/** Clients choose in which order rules count them first, and so which layouts there are. */
const MAX_LAYOUTS = 1000;

export class WindowLayout {
  readonly id: number;
  readonly names: readonly string[];
  /** How many numbers are in front of the events. */
  readonly length: number;
  /** Where a name is looked for first: rules ask in the same order each time. */
  #next = 0;

  constructor(id: number, names: readonly string[]) {
    this.id = id;
    this.names = names;
    this.length = LOG_NUMBERS + names.length * WINDOW_NUMBERS;
  }

  /** The window of that name; -1: none. */
  find(name: string): number {
    const { names } = this;
    let at = this.#next;
    for (let tried = 0; tried < names.length; tried++) {
      if (at >= names.length) at = 0;
      if (names[at] === name) {
        this.#next = at + 1;
        return at;
      }
      at++;
    }
    return -1;
  }
}

/** The layouts of one store. */
export class WindowLayouts {
  readonly #all: WindowLayout[] = [new WindowLayout(0, [])];
  readonly #behind = new Map<WindowLayout, Map<string, WindowLayout>>();
  /** What keys that begin with a name come to have: what the last one of them that had to grow has. */
  readonly #usual = new Map<string, WindowLayout>();

  at(id: number): WindowLayout {
    return this.#all[id]!;
  }

  /** The layout with one more name; undefined when there are too many of them. */
  with(layout: WindowLayout, name: string): WindowLayout | undefined {
    const longer = this.#behind.get(layout)?.get(name) ?? this.#make(layout, name);
    if (longer !== undefined) this.#usual.set(longer.names[0]!, longer);
    return longer;
  }

  /** The layout for a new key that is asked for a name; undefined when there are too many. */
  first(name: string): WindowLayout | undefined {
    return this.#usual.get(name) ?? this.with(this.at(0), name);
  }

  #make(layout: WindowLayout, name: string): WindowLayout | undefined {
    const id = this.#all.length;
    if (layout.names.length >= MAX_NAMES || id > MAX_LAYOUTS) return undefined;
    const longer = new WindowLayout(id, [...layout.names, name]);
    this.#all.push(longer);
    const siblings = this.#behind.get(layout);
    if (siblings === undefined) this.#behind.set(layout, new Map([[name, longer]]));
    else siblings.set(name, longer);
    return longer;
  }
}

// How large the page under review is shown: all of it, as wide as its place, or one pixel for one; and how
// far down it was read. A page of which only a sliver would be seen is as wide as its place from the first.
import { Zoom } from "../desk/zoom.svelte";

export type Size = "page" | "width" | "full";

/** Width of the picture that is asked for, px of the page at 100 %. */
export const WIDTH = 1_400;
/** Less wide than this, in letters of the text beside it, a page is only a sliver. */
const SLIVER = 17;
/** What was at the lower edge is at the upper one after Space: a line or two are seen twice. */
const STRIDE = 0.9;
/** Nobody sees less than that, px. */
const EDGE = 2;

export class Reading extends Zoom {
  /** What the clerk asked for; it stays from page to page. */
  wish = $state<Size>("page");
  /** The mark stands at the right of the page: where it is enlarged, that corner is shown. */
  right = $state(false);
  /** Its top is in sight, and stays so whatever its size becomes. */
  #atTop = true;
  readonly #scales = $derived<Record<Size, number>>({ page: 1, width: this.across, full: this.natural });
  /** From small to large, each size once. */
  readonly sizes = $derived.by<Size[]>(() => {
    const sliver = this.fit.width > 0 && this.fit.width < SLIVER * letter();
    const sizes: Size[] = sliver ? ["width", "full"] : ["page", "width", "full"];
    const same = (one: Size, other: Size): boolean => Math.abs(this.#scales[one] - this.#scales[other]) < 0.03;
    return sizes.filter((size, i) => !sizes.slice(0, i).some((other) => same(size, other))).sort((a, b) => this.#scales[a] - this.#scales[b]);
  });
  readonly size = $derived<Size>(this.sizes.includes(this.wish) ? this.wish : (this.sizes[0] ?? "page"));

  /** One size larger (1) or smaller (-1). */
  resize(by: -1 | 1): void {
    const to = this.sizes[this.sizes.indexOf(this.size) + by];
    if (to !== undefined) this.#choose(to);
  }

  /** The next size, and round again. */
  override turn(): void {
    this.#choose(this.sizes[(this.sizes.indexOf(this.size) + 1) % this.sizes.length] ?? "page");
  }

  /** As large as was asked for, whatever the page and its place are now. */
  settle(): void {
    const fromTop = this.#atTop;
    this.to(this.#scales[this.size]);
    if (fromTop) this.top();
  }

  override put(x: number, y: number): void {
    super.put(x, y);
    this.#atTop = this.y > this.#overhang - EDGE;
  }

  /** Another page begins at its top. */
  top(): void {
    this.put(this.right ? -Infinity : Infinity, Infinity);
  }

  /** Back to its top; false when that is in sight. */
  rewind(): boolean {
    if (this.#atTop) return false;
    this.top();
    return true;
  }

  /** Further down the page; false when its end is in sight. */
  down(): boolean {
    return this.#scroll(-1);
  }

  /** Back up the page; false when its top is in sight. */
  up(): boolean {
    return this.#scroll(1);
  }

  /** Its end is not in sight. */
  get more(): boolean {
    return this.y > EDGE - this.#overhang;
  }

  /** How far the page reaches beyond its place, above and below. */
  get #overhang(): number {
    return Math.max(0, (this.fit.height * this.scale - this.room.height) / 2);
  }

  #scroll(by: -1 | 1): boolean {
    const before = this.y;
    this.put(this.x, this.y + by * this.room.height * STRIDE);
    return Math.abs(this.y - before) > EDGE;
  }

  #choose(size: Size): void {
    this.wish = size;
    this.settle();
    this.top();
  }
}

const letter = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

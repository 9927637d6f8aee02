// Pages carried by the mouse onto a paper of the dossier; keys 1–9 do the same. By pointer events,
// since the system's own drag and drop is for files held over the window.
import type { Desk } from "./desk.svelte";

/** Farther than a hand trembles, px. */
const BEGINS_AT = 6;

export class PageDrag {
  /** Pages are being carried. */
  active = $state(false);
  /** The paper they are over, if it takes pages. */
  over = $state<number | null>(null);
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** A button went down on the page at a place of the grid. */
  begin(down: PointerEvent, place: number): void {
    const desk = this.#desk;
    const page = desk.pages[place];
    if (down.button !== 0 || desk.case === null || !page) return;
    const move = (event: PointerEvent): void => {
      if (!this.active) {
        if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < BEGINS_AT) return;
        this.active = true;
        if (!desk.selected.includes(page.id)) desk.show(place);
      }
      event.preventDefault();
      const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-place]");
      const paper = under ? Number(under.dataset["place"]) : 0;
      this.over = paper > 0 && desk.takes(paper) ? paper : null;
    };
    const end = (event: Event): void => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      if (this.active && this.over !== null && event.type === "pointerup") void desk.put(this.over);
      this.active = false;
      this.over = null;
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }
}

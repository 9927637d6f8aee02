// A USB reader types the card's QR text like a keyboard. Its burst is taken out of whatever has the
// focus, also when an input method or a field has already swallowed it.
const CARD = /\d{12}\|[^\n]*(?:\|[^\n]*){4,}/;
const PAUSE_MS = 120;

export class CardReader {
  #typed = "";
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #take: (text: string) => void;

  constructor(take: (text: string) => void) {
    this.#take = take;
  }

  /** A key outside text fields. */
  key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || (event.key.length !== 1 && event.key !== "Enter")) return;
    this.#typed = event.timeStamp - this.#last > PAUSE_MS ? "" : this.#typed;
    this.#last = event.timeStamp;
    if (event.key !== "Enter") this.#typed += event.key;
    if (!CARD.test(this.#typed)) return;
    this.#soon(() => {
      const text = this.#typed;
      this.#typed = "";
      this.#take(text);
    });
  }

  /** Something arrived in a text field. */
  input(field: HTMLInputElement | HTMLTextAreaElement): void {
    if (!CARD.test(field.value)) return;
    this.#soon(() => {
      const found = CARD.exec(field.value);
      if (!found) return;
      field.value = field.value.replace(found[0], "");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      this.#take(found[0]);
    });
  }

  /** In the middle of a burst keys are no commands. */
  get reading(): boolean {
    return this.#typed.length > 12 && this.#typed.includes("|");
  }

  #soon(work: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(work, PAUSE_MS);
  }
}

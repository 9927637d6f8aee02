// How large the text is and whether the window is light or dark. The tokens read both from the
// document's element; the system decides while the clerk has not.
import { keep, kept } from "../../kept";

export const SIZES = [100, 125, 150, 175, 200] as const;
export const THEMES = ["system", "light", "dark"] as const;
/** Size of the text, percent. */
export type TextSize = (typeof SIZES)[number];
export type Theme = (typeof THEMES)[number];

class Look {
  size = $state<TextSize>(SIZES.find((one) => String(one) === kept("text")) ?? 100);
  theme = $state<Theme>(THEMES.find((one) => one === kept("theme")) ?? "system");

  /** Larger (1) or smaller (-1); 0 = as it was made. */
  resize(step: -1 | 0 | 1): void {
    const at = step === 0 ? 0 : SIZES.indexOf(this.size) + step;
    this.size = SIZES[Math.max(0, Math.min(at, SIZES.length - 1))] ?? 100;
    keep("text", String(this.size));
  }

  /** From the system's to the other one, which is seen at once; then the one it was, then the system's again. */
  turn(): void {
    const dark = globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches ?? false;
    const round: Theme[] = dark ? ["system", "light", "dark"] : ["system", "dark", "light"];
    this.theme = round[(round.indexOf(this.theme) + 1) % round.length] ?? "system";
    keep("theme", this.theme);
  }

  /** Tells the tokens. */
  apply(): void {
    const { dataset } = document.documentElement;
    dataset["text"] = String(this.size);
    dataset["theme"] = this.theme;
  }
}

export const look = new Look();

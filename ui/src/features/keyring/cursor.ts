// Where the cursor goes in this place when what it stood on is gone.
import { tick } from "svelte";

/** Back to the button it came from, else to the row of the list that is shown. */
export async function cursorBack(opener: Element | null = null): Promise<void> {
  await tick();
  if (document.activeElement !== document.body) return;
  const back = opener instanceof HTMLButtonElement && opener.isConnected && !opener.disabled ? opener : document.querySelector<HTMLElement>("[data-testid='keyring-list'] [aria-current]");
  back?.focus();
}

// Work that is done again and again while a view is open and the window is seen: a token may be pulled out.

/** Between two looks, ms. */
export const EVERY = 4_000;

/** Does it every few seconds, never twice at once; what it gives back ends it. One that fails is tried again. */
export function whileSeen(work: () => Promise<unknown>): () => void {
  let busy = false;
  const timer = setInterval(async () => {
    if (busy || document.visibilityState !== "visible") return;
    busy = true;
    try {
      await work();
    } catch (thrown) {
      console.warn("a look failed", thrown);
    } finally {
      busy = false;
    }
  }, EVERY);
  return () => clearInterval(timer);
}

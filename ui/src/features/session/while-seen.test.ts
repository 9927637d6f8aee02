import { afterEach, expect, test, vi } from "vitest";
import { EVERY, whileSeen } from "./while-seen";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("a look that fails is not the last one", async () => {
  vi.useFakeTimers();
  const said = vi.spyOn(console, "warn").mockImplementation(() => {});
  const look = vi.fn(() => Promise.reject(new Error("pulled out")));
  const stop = whileSeen(look);
  await vi.advanceTimersByTimeAsync(3 * EVERY);
  expect(look).toHaveBeenCalledTimes(3);
  expect(said, "and the log tells of each").toHaveBeenCalledTimes(3);
  stop();
  await vi.advanceTimersByTimeAsync(EVERY);
  expect(look, "what was given back ends it").toHaveBeenCalledTimes(3);
});

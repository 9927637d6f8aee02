// What jsdom lacks and the window uses.
import { cleanup, configure } from "@testing-library/svelte";
import { afterEach, beforeEach } from "vitest";
import { words } from "./texts/index.svelte";

// Nothing has a size there, so nothing changes it.
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => {
  localStorage.clear();
  words.choose("vi");
});
afterEach(cleanup);

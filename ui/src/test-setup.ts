// What jsdom lacks and the window uses.
import { cleanup } from "@testing-library/svelte";
import { afterEach, beforeEach } from "vitest";
import { words } from "./texts/index.svelte";

beforeEach(() => {
  localStorage.clear();
  words.choose("vi");
});
afterEach(cleanup);

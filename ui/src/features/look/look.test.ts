// The look is kept, and the document's element carries what the tokens read.
import { afterEach, expect, test } from "vitest";
import { look } from "./look.svelte";

afterEach(() => {
  look.resize(0);
  while (look.theme !== "system") look.turn();
});

test("text grows to twice its size and no further, and goes back in one step", () => {
  for (let i = 0; i < 9; i++) look.resize(1);
  expect(look.size).toBe(200);
  expect(localStorage.getItem("saoy.text")).toBe("200");
  look.apply();
  expect(document.documentElement.dataset["text"]).toBe("200");
  look.resize(-1);
  expect(look.size).toBe(175);
  look.resize(0);
  expect(look.size).toBe(100);
  look.resize(-1);
  expect(look.size).toBe(100);
});

test("light and dark are the system's until the clerk chooses", () => {
  expect(look.theme).toBe("system");
  look.turn();
  look.apply();
  expect(document.documentElement.dataset["theme"], "the first press is seen: the system's is light here").toBe("dark");
  look.turn();
  expect(look.theme).toBe("light");
  look.turn();
  expect(look.theme).toBe("system");
});

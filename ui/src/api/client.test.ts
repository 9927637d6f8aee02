// The boundary: one file knows Tauri, and it asks the core in the agreed shape.
import { clearMocks, mockConvertFileSrc, mockIPC } from "@tauri-apps/api/mocks";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { asCoreError, CoreFault } from "./client";
import { tauriClient } from "./tauri";

afterEach(clearMocks);

test("only api/tauri.ts imports Tauri, and only the demo and the stories the memory client", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => /\.(ts|svelte)$/.test(file) && !file.endsWith(".test.ts"));
  const importing = (what: RegExp): string[] => files.filter((file) => what.test(readFileSync(`src/${file}`, "utf8"))).sort();
  expect(importing(/@tauri-apps/)).toEqual(["api/tauri.ts"]);
  expect(importing(/from "[^"]*\/memory"/)).toEqual(["api/demo.ts", "views/at-window.ts"]);
  expect(importing(/import(\(| .* from )"[^"]*\/demo"/)).toEqual(["main.ts"]);
  expect(readFileSync("src/main.ts", "utf8")).toMatch(/inTauri \? null : await import\("\.\/api\/demo"\)/);
});

test("a command carries its request under one name, and an error comes back with its tag", async () => {
  const asked: unknown[] = [];
  mockIPC((name, payload) => {
    asked.push([name, payload]);
    if (name === "unlock") throw { kind: "wrong_pin", params: {}, findings: [], issues: [], lines: [] };
    return { pages: [] };
  });
  const client = tauriClientOn("linux");
  await client.call("move_page", { desk: "loose", page: "p1", to: 2 });
  expect(asked).toEqual([["move_page", { request: { desk: "loose", page: "p1", to: 2 } }]]);
  const refusal = await client.call("unlock", { clerk: null, pin: "0000" }).catch((thrown: unknown) => thrown);
  expect(refusal).toBeInstanceOf(CoreFault);
  expect((refusal as CoreFault).error.kind).toBe("wrong_pin");
});

function tauriClientOn(os: string) {
  mockConvertFileSrc(os);
  return tauriClient();
}

test("a page's address is its id, width, turns and edits, in the form of each platform", () => {
  mockIPC(() => null);
  expect(tauriClientOn("linux").pageUrl("0191-ab", 240, 3, "")).toBe("saoy://localhost/page/0191-ab?w=240&turns=3&look=");
  expect(tauriClientOn("windows").pageUrl("0191-ab", 1600, 0, "e-1500-0-0-10000-10000-0-255")).toBe(
    "http://saoy.localhost/page/0191-ab?w=1600&turns=0&look=e-1500-0-0-10000-10000-0-255",
  );
});

test("anything else thrown is a fault of the program, with its words as detail", () => {
  expect(asCoreError(new Error("boom"))).toMatchObject({ kind: "internal", params: { detail: "boom" } });
  expect(asCoreError({ kind: "disk_full" })).toEqual({ kind: "disk_full", params: {}, findings: [], issues: [], lines: [] });
});

// Stories of the place where a file is verified.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect, test } from "vitest";
import { fault } from "../api/memory";
import { by, open, press } from "./at-window";

const missing = fault("not_found", { what: "van-ban.pdf" }).error;

test.each(["chosen", "dropped"])("a file that is %s and cannot be read leaves no verdict of another on the screen", async (how) => {
  const { client } = await open();
  await press("5", true);
  client.drop(["giay-khai-sinh.pdf"]);
  await waitFor(() => expect(by("verdict").dataset["verdict"]).toBe("valid"));
  client.failNext.set("verify_dialog", missing);
  if (how === "chosen") await fireEvent.click(by("verify-button"));
  else client.emit("unverified", missing);
  await waitFor(() => by("notice"));
  expect(screen.queryByTestId("verdict")).toBeNull();
});

test("which file was judged is told: its size, its hash, and how it stands to the counter's record", async () => {
  const { client } = await open({ waiting: 1 });
  await press("5", true);
  client.drop(["giay-khai-sinh.pdf"]);
  await waitFor(() => by("verdict"));
  expect(by("fingerprint").textContent?.replaceAll(/\s/g, "")).toBe("5d41402abc4b2a76".repeat(4));
  expect(screen.queryByTestId("our-record"), "nothing was compared").toBeNull();
  expect(by("verdict-facts").textContent).toContain("250 kB");
});

test("while a file is judged the button keeps the cursor", async () => {
  const { station } = await open();
  await press("5", true);
  station.verifying.busy = true;
  await tick();
  expect((by("verify-button") as HTMLButtonElement).disabled).toBe(false);
});

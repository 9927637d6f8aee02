// What stories at the window share: the window on a counter in memory, its parts by id, its keys.
import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { expect } from "vitest";
import { MemoryClient, type MemoryOptions } from "../api/memory";
import App from "../App.svelte";
import { Station } from "../station.svelte";

export async function open(options: MemoryOptions = {}): Promise<{ client: MemoryClient; station: Station }> {
  const client = new MemoryClient(options);
  const station = new Station(client);
  render(App, { station });
  await station.start();
  await waitFor(() => expect(screen.queryByText("Đang mở quầy…")).toBeNull());
  return { client, station };
}

export const by = (id: string): HTMLElement => screen.getByTestId(id);
export const press = (key: string, ctrl = false): Promise<boolean> => fireEvent.keyDown(document.body, { key, ctrlKey: ctrl });

/** Nothing axe objects to; colours are judged on pictures of the window. */
export async function expectAccessible(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

/** The picture of the page under review comes, and Space goes on. */
export async function look(): Promise<void> {
  const picture = screen.queryByTestId("review-page");
  if (picture) await fireEvent.load(picture);
  await press(" ");
}

/** Looks at every page of what waits, with Space; the cursor is then at the PIN. */
export async function lookAtAll(): Promise<void> {
  await screen.findByTestId("review-stage");
  for (let presses = 0; presses < 200 && document.activeElement?.id !== "review-pin"; presses += 1) await look();
  expect(document.activeElement?.id).toBe("review-pin");
}

/** Types a PIN into the review and presses Enter. */
export async function signWith(pin: string): Promise<void> {
  const field = by("review-pin") as HTMLInputElement;
  field.value = pin;
  await fireEvent.submit(field.form!);
  expect(field.value, "the field is empty after every try").toBe("");
}

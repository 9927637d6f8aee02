// Drills at the window: a step ticks itself when it is done, and only then.
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { by, expectAccessible, lookAtAll, open, press, signWith } from "../../views/at-window";

const done = (): number => by("drill-steps").querySelectorAll(".done").length;
const choose = (place: number, word: string): Promise<boolean> => {
  const row = screen.getAllByTestId("paper-row").find((one) => one.dataset["place"] === String(place))!;
  return fireEvent.change(within(row).getByTestId("paper-submission"), { target: { value: word } });
};

test("the first drill by keyboard: each step ticks itself, the time is kept", async () => {
  await open();
  await press("b", true);
  await expectAccessible();
  await fireEvent.click(by("drill-pages"));
  await press("]");
  expect(done(), "nothing to turn yet").toBe(0);
  await press("o", true);
  await waitFor(() => expect(done()).toBe(1));
  await press("]");
  await waitFor(() => expect(done()).toBe(2));
  await press("z", true);
  await waitFor(() => expect(done()).toBe(3));
  await press("Home");
  await press(">");
  await waitFor(() => expect(by("drill-finished").textContent).toContain("Xong trong"));
  expect(JSON.parse(localStorage.getItem("saoy.drills") ?? "{}")).toHaveProperty("pages");
});

test("a whole dossier as a drill: the invented citizen's card is read like a real one", async () => {
  const { client } = await open();
  await press("b", true);
  await fireEvent.click(by("drill-whole"));
  await press("n", true);
  await waitFor(() => by("procedure-search"));
  await fireEvent.input(by("procedure-search"), { target: { value: "khai sinh" } });
  await waitFor(() => screen.getByText("1.001193 · Hộ tịch"));
  await fireEvent.keyDown(by("procedure-search"), { key: "Enter" });
  await waitFor(() => expect(done()).toBe(2));
  await fireEvent.click(by("hold-card"));
  await waitFor(() => expect(done()).toBe(3));
  expect((by("owner-name") as HTMLInputElement).value).toBe("Lê Thị Ỷ");
  await fireEvent.click(within(screen.getAllByTestId("paper-row")[0]!).getByRole("button"));
  await press("o", true);
  await waitFor(() => expect(client.pages.length + [...client.desks.values()].reduce((n, desk) => n + desk.pages.length, 0)).toBeGreaterThan(0));
  await choose(1, "original");
  for (const place of [2, 3, 4]) {
    await choose(place, "shown");
    await waitFor(() => expect(screen.getAllByTestId("paper-row")[place - 1]?.dataset["state"]).toBe("exempt"));
  }
  await waitFor(() => expect(done(), "everything is in").toBe(4));
  await press("Enter", true);
  await waitFor(() => expect(done()).toBe(5));
  await press("k", true);
  await lookAtAll();
  await signWith("2468");
  await waitFor(() => expect(done()).toBe(6));
  await press("Escape");
  await press("e", true);
  await fireEvent.input(await screen.findByTestId("forward-unit"), { target: { value: "Phòng Tư pháp" } });
  await fireEvent.click(by("forward-confirm"));
  await waitFor(() => by("drill-finished"));
});

test("a real counter has no drills", async () => {
  const { station } = await open({ training: false });
  await press("b", true);
  expect(station.training.shown).toBe(false);
  expect(screen.queryByTestId("training")).toBeNull();
});

// Stories of pages coming in and being put right, on the counter in memory, by keyboard.
import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { fault, MemoryClient } from "../api/memory";
import type { Commands } from "../api/generated";
import App from "../App.svelte";
import { Station } from "../station.svelte";
import { by, expectAccessible, open, press } from "./at-window";

const thumbs = (): HTMLElement[] => screen.queryAllByTestId("page-thumb");
const order = (client: { pages: { id: string }[] }): string[] => client.pages.map((page) => page.id);
const shift = (key: string): Promise<boolean> => fireEvent.keyDown(document.body, { key, shiftKey: true });
const asked = <C extends keyof Commands>(client: { calls: { name: string; request: unknown }[] }, name: C): Commands[C]["request"][] =>
  client.calls.filter((call) => call.name === name).map((call) => call.request as Commands[C]["request"]);

test("a stack is scanned by F3 alone: pages land one by one, and Esc keeps those that landed", async () => {
  const { client } = await open({ pace: 20 });
  expect(screen.getAllByTestId("scan-button").map((one) => one.textContent?.replace(/\s+/g, " ").trim())).toEqual(["F2 Kính, màu", "F3 Khay, hai mặt", "F4 Khay, lật tay"]);
  await press("F3");
  await waitFor(() => expect(by("import-progress").textContent).toContain("Đang quét, đã nhận 2 trang"));
  expect(screen.getAllByTestId("coming"), "one place for the page on its way").toHaveLength(1);
  await expectAccessible();
  await press("Escape");
  await waitFor(() => expect(screen.queryByTestId("import-progress")).toBeNull());
  const landed = client.pages.length;
  expect(landed).toBeGreaterThanOrEqual(2);
  expect(landed, "it stopped before the feeder was empty").toBeLessThan(6);
  await waitFor(() => expect(thumbs()).toHaveLength(landed));
  expect(thumbs().every((one) => one.textContent?.includes("đã lưu"))).toBe(true);
  await press("F3");
  await waitFor(() => expect(thumbs()).toHaveLength(landed + 6));
});

test("F2 pressed while the counter is still being read scans once it is read", async () => {
  const client = new MemoryClient();
  const answer = client.call.bind(client);
  let told = (): void => undefined;
  const asking = new Promise<void>((resolve) => (told = resolve));
  client.call = async (name, request) => {
    if (name === "scan_profiles") await asking;
    return answer(name, request);
  };
  const station = new Station(client);
  render(App, { station });
  void station.start();
  await waitFor(() => expect(station.session.phase).toBe("open"));
  await press("F2");
  expect(asked(client, "scan")).toEqual([]);
  told();
  await waitFor(() => expect(asked(client, "scan")).toHaveLength(1));
});

test("a counter without a scanner says how it gets one, and its keys do nothing", async () => {
  const { client } = await open({ profiles: [] });
  expect(by("no-scanner").textContent).toContain("nhờ người quản trị cài máy quét cho quầy này");
  await press("F2");
  expect(asked(client, "scan")).toEqual([]);
});

test("R scans the page shown again in its place; undo brings the old one back", async () => {
  const { client } = await open({ pages: 3 });
  await press("ArrowRight");
  await press("r");
  await waitFor(() => expect(order(client)).toEqual(["p1", "p4", "p3"]));
  await waitFor(() => expect(screen.queryByTestId("import-progress")).toBeNull());
  expect(asked(client, "scan")[0]?.landing.replaces).toBe("p2");
  await press("z", true);
  await waitFor(() => expect(order(client)).toEqual(["p1", "p2", "p3"]));
});

test("warnings of a page are accepted with a reason, which can be changed and taken back", async () => {
  const { client, station } = await open({ findings: true });
  await press("o", true);
  await waitFor(() => expect(thumbs()).toHaveLength(2));
  await press("a");
  expect(screen.queryByTestId("accept-form"), "nothing to accept on a good page").toBeNull();
  await press("End");
  expect(thumbs()[1]?.dataset["standing"]).toBe("look");
  await press("a");
  await waitFor(() => expect(document.activeElement).toBe(by("accept-reason")));
  await fireEvent.keyDown(by("accept-reason"), { key: "b" });
  expect(asked(client, "mark_blank"), "a letter of the reason is no command").toEqual([]);
  await expectAccessible();
  await fireEvent.keyDown(by("accept-reason"), { key: "ArrowDown" });
  await waitFor(() => expect((by("accept-reason") as HTMLInputElement).value).toBe("Bản chính mờ, không có bản rõ hơn"));
  await fireEvent.submit(by("accept-form"));
  await waitFor(() => expect(thumbs()[1]?.dataset["standing"]).toBe("accepted"));
  expect(thumbs()[1]?.querySelector("[title^='Đã chấp nhận: Bản chính mờ']")).toBeTruthy();
  await press("a");
  await waitFor(() => expect((by("accept-reason") as HTMLInputElement).value).toContain("Bản chính mờ"));
  await fireEvent.input(by("accept-reason"), { target: { value: "Công dân chỉ có bản này" } });
  await fireEvent.submit(by("accept-form"));
  await waitFor(() => expect(by("accepted").textContent).toContain("Công dân chỉ có bản này"));
  await press("a");
  await fireEvent.click(await screen.findByTestId("take-back"));
  await waitFor(() => expect(thumbs()[1]?.dataset["standing"]).toBe("look"));
  expect(asked(client, "accept_pages").map((one) => one.reason)).toEqual(["Bản chính mờ, không có bản rõ hơn", "Công dân chỉ có bản này", ""]);
  await press("a");
  await press("Escape");
  await waitFor(() => expect(station.desk.accepting).toBe(false));
});

test("B sets pages aside as blank: kept, dimmed, with the word; B again brings them back", async () => {
  const { client } = await open({ pages: 3 });
  await press("Insert");
  await press("a", true);
  await press("ArrowRight");
  await press("b");
  await waitFor(() => expect(thumbs()[1]?.textContent).toContain("Trang trắng – không vào bản sao"));
  expect(client.pages.map((page) => page.blank)).toEqual([false, true, false]);
  await press("b");
  await waitFor(() => expect(thumbs()[1]?.dataset["standing"]).toBe("good"));
});

test("a stack that is turned by hand becomes sheets, and two passes that do not fit are told", async () => {
  const { client } = await open();
  await press("F4");
  await waitFor(() => expect(by("turn-stack").textContent).toContain("Lật cả chồng, đặt lại vào khay, bấm F4 lần nữa"));
  await press("F4");
  await waitFor(() => expect(order(client)).toEqual(["p1", "p6", "p2", "p5", "p3", "p4"]));
  await waitFor(() => expect(screen.queryByTestId("turn-stack")).toBeNull());

  // A jam in the second pass: what came is kept, the same key goes on.
  await press("F4");
  await waitFor(() => by("turn-stack"));
  client.failNext.set("scan", fault("scanner_jammed", { profile: "Khay, lật tay", landed: "0" }).error);
  await press("F4");
  await waitFor(() => expect(screen.getByText(/Giấy bị kẹt/)).toBeTruthy());
  await waitFor(() => expect(by("turn-stack").textContent).toContain("Đã có 3 mặt trước"));
  await press("Escape");
  await waitFor(() => expect(screen.queryByTestId("notice")).toBeNull());

  // A sheet too few: nothing is put in order.
  const scan = client.call.bind(client);
  client.call = async (name, request) => {
    const reply = await scan(name, request);
    if (name === "scan") client.pages = client.pages.slice(0, -1);
    return reply;
  };
  const before = order(client);
  await press("F4");
  await waitFor(() => expect(by("uneven").textContent).toContain("3 mặt trước nhưng 2 mặt sau"));
  expect(order(client).slice(0, before.length)).toEqual(before);
  expect(asked(client, "interleave_pages")).toHaveLength(1);
  await expectAccessible();
  await press("Escape");
  await waitFor(() => expect(screen.queryByTestId("uneven")).toBeNull());
});

test("anything else the clerk does to the pages ends the waiting for the backs", async () => {
  const { station } = await open();
  await press("F4");
  await waitFor(() => by("turn-stack"));
  await press("]");
  await waitFor(() => expect(screen.queryByTestId("turn-stack")).toBeNull());
  expect(station.scanner.turning).toBeNull();
});

test("a page is cropped by keyboard, seen before it is done, and the edit dropped on its own", async () => {
  const { client } = await open({ pages: 1 });
  await press("]");
  await press("x");
  await waitFor(() => expect(document.activeElement, "Enter is not for a button now").toBe(by("trial")));
  for (let i = 0; i < 10; i += 1) await press("ArrowRight");
  await press("Tab");
  expect(by("crop-frame").dataset["edge"]).toBe("top");
  await press("ArrowDown");
  await shift("ArrowDown");
  // The left side of the page as it lies is the bottom of the upright one.
  await waitFor(() => expect(by("trial-preview").getAttribute("src")).toBe(client.pageUrl("p1", 240, 1, "e0-110-0-10000-9000-0-255")));
  expect(client.pages[0]?.edits, "nothing is done yet").toEqual([]);
  await expectAccessible();
  await press("Enter");
  await waitFor(() => expect(by("page-edit").textContent).toContain("trái 10,0 %, trên 1,1 %"));
  expect(by("large-page").getAttribute("src")).toBe(client.pageUrl("p1", 1600, 1, "e0-110-0-10000-9000-0-255"));
  await press("c");
  await waitFor(() => expect(screen.getAllByTestId("page-edit")).toHaveLength(2));
  await fireEvent.click(screen.getAllByTestId("drop-edit")[0]!);
  await waitFor(() => expect(screen.getAllByTestId("page-edit").map((one) => one.textContent)).toEqual([expect.stringContaining("Tương phản 30–236")]));
});

test("a frame is drawn with the mouse, and an edge of it moved", async () => {
  const { client } = await open({ pages: 1 });
  await press("x");
  await waitFor(() => by("crop-frame"));
  by("crop-frame").parentElement!.getBoundingClientRect = () => new DOMRect(100, 100, 400, 500);
  const mouse = async (on: Element, from: [number, number], to: [number, number]): Promise<void> => {
    await fireEvent.pointerDown(on, { button: 0, clientX: from[0], clientY: from[1] });
    await fireEvent(window, new MouseEvent("pointermove", { clientX: to[0], clientY: to[1] }));
    await fireEvent(window, new MouseEvent("pointerup"));
  };
  await mouse(by("picture"), [460, 550], [140, 150]);
  await mouse(by("crop-frame").querySelector(".right")!, [460, 300], [420, 300]);
  await fireEvent.click(by("apply-edit"));
  await waitFor(() => expect(client.pages[0]?.edits).toEqual([{ edit: "crop", left: 1_000, top: 1_000, right: 2_000, bottom: 1_000 }]));
});

test("a paper is split from a page on, and joined to another, by number", async () => {
  const { client } = await open();
  await press("n", true);
  await waitFor(() => by("procedure-search"));
  await fireEvent.input(by("procedure-search"), { target: { value: "khai sinh" } });
  await waitFor(() => screen.getByText("1.001193 · Hộ tịch"));
  await fireEvent.keyDown(by("procedure-search"), { key: "Enter" });
  await waitFor(() => expect(screen.getAllByTestId("paper-row")).toHaveLength(5));
  await press("F3");
  await waitFor(() => expect(screen.queryByTestId("import-progress")).toBeNull());
  await waitFor(() => expect(thumbs()).toHaveLength(6));
  const places = (): number[] | undefined => [...client.desks.values()].at(-1)?.pages.map((page) => page.place);
  await press("ArrowRight");
  await press("t");
  await waitFor(() => expect(by("route").textContent).toContain("5 trang từ trang này trở đi sang giấy tờ số mấy?"));
  await expectAccessible();
  await press("2");
  await waitFor(() => expect(places()).toEqual([0, 2, 2, 2, 2, 2]));
  await press("m");
  await waitFor(() => expect(by("route").textContent).toContain("Cả 5 trang"));
  await press("Escape");
  await waitFor(() => expect(screen.queryByTestId("route")).toBeNull());
  await press("m");
  await press("1");
  await waitFor(() => expect(places()).toEqual([0, 1, 1, 1, 1, 1]));
  await press("z", true);
  await waitFor(() => expect(places()).toEqual([0, 2, 2, 2, 2, 2]));
});

test("a small tilt is seen while it is tried; Esc forgets it, Enter makes it an edit", async () => {
  const { client } = await open({ pages: 1 });
  await press(",");
  await press(",");
  await waitFor(() => expect(by("large-page").getAttribute("src")).toBe(client.pageUrl("p1", 1600, 0, "e-200-0-0-10000-10000-0-255")));
  expect(by("trial").textContent).toContain("Nghiêng thêm -0,2°");
  await press("Escape");
  await waitFor(() => expect(screen.queryByTestId("trial")).toBeNull());
  expect(by("large-page").getAttribute("src")).toBe(client.pageUrl("p1", 1600, 0, ""));
  await press(".");
  await press("Enter");
  await waitFor(() => expect(client.pages[0]?.edits).toEqual([{ edit: "straighten", mdeg: 100 }]));
});

test("what comes next lands at the mark, set by key or in the gap, and by paste too", async () => {
  const { client } = await open({ pages: 3 });
  await press("ArrowRight");
  await press("i");
  await waitFor(() => by("insert-mark"));
  expect(by("mark-told").textContent).toContain("trước trang 2");
  await waitFor(() => expect(asked(client, "drop_target").at(-1)?.landing.before).toBe("p2"));
  await press("v", true);
  await waitFor(() => expect(order(client)).toEqual(["p1", "p4", "p2", "p3"]));
  await waitFor(() => expect(screen.queryByTestId("import-progress")).toBeNull());
  await waitFor(() => expect(thumbs()).toHaveLength(4));
  await fireEvent.click(thumbs()[3]!.querySelector(".gap")!);
  await press("F2");
  await waitFor(() => expect(order(client)).toEqual(["p1", "p4", "p2", "p5", "p3"]));
  await waitFor(() => expect(screen.queryByTestId("import-progress")).toBeNull());
  await press("Escape");
  await waitFor(() => expect(screen.queryByTestId("insert-mark")).toBeNull());
  await fireEvent.keyDown(by("field-name"), { key: "v", ctrlKey: true });
  expect(asked(client, "import_clipboard"), "in a field it pastes text").toHaveLength(1);
});

test("pages are chosen one by one, and stay chosen while others are looked at", async () => {
  const { client, station } = await open({ pages: 4 });
  await press("ArrowRight", true);
  await press("ArrowRight", true);
  expect(station.desk.place).toBe(2);
  await press(" ", true);
  expect(station.desk.selected).toEqual(["p1", "p3"]);
  await fireEvent.click(thumbs()[3]!.querySelector(".hit")!, { ctrlKey: true });
  await press("]");
  await waitFor(() => expect(client.pages.map((page) => page.turns)).toEqual([1, 0, 1, 1]));
  await press("a", true);
  await waitFor(() => expect(by("page-count").textContent).toContain("đang chọn 4"));
});

test("two thousand pages: only those in sight are drawn, and the keyboard reaches the last", async () => {
  const { station } = await open({ pages: 2_000 });
  const drawn = thumbs().length;
  expect(drawn).toBeGreaterThan(4);
  expect(drawn).toBeLessThan(80);
  await press("End");
  await waitFor(() => expect(document.getElementById("page-p2000")?.getAttribute("aria-posinset")).toBe("2000"));
  expect(thumbs().length).toBeLessThan(80);
  const grid = screen.getByRole("listbox", { name: "Các trang" });
  expect(grid.getAttribute("aria-activedescendant")).toBe("page-p2000");
  expect(document.getElementById("page-p2000")?.getAttribute("aria-setsize")).toBe("2000");
  await press("ArrowUp");
  expect(station.desk.place).toBe(1_999 - station.desk.columns);
  await press("Home");
  await waitFor(() => expect(document.getElementById("page-p1")).toBeTruthy());
  expect(document.getElementById("page-p2000"), "what is out of sight is gone").toBeNull();
});

test("the page is zoomed, panned and shown whole again by keyboard, in a larger picture when it is here", async () => {
  const { station } = await open({ pages: 2 });
  station.zoom.room = { width: 600, height: 800 };
  await press("z");
  await waitFor(() => expect(by("zoom").textContent).toContain("100 %"));
  await press("+");
  await press("+");
  await press("+");
  await press("+");
  await waitFor(() => expect(by("large-page").getAttribute("src")).toMatch(/width%3D%22(2400|3200|4000)%22/));
  await shift("ArrowDown");
  expect(station.zoom.y).toBeLessThan(0);
  expect(station.desk.selected, "the arrows move the page, not the selection").toHaveLength(1);
  await press("z");
  expect(station.zoom.scale).toBe(1);
  expect(station.zoom.y).toBeCloseTo(0);
});

test("the words of capture are English too", async () => {
  await open({ pages: 1, findings: true, profiles: [] });
  await press("F10");
  await screen.findByText(/No scanner yet/);
  await press(".");
  await waitFor(() => expect(by("trial").textContent).toContain("Tilt by +0.1°"));
  expect(thumbs()[0]?.textContent).toContain("Good");
});

test("further dossiers of a stack are told, with the key to go there", async () => {
  const { client, station } = await open();
  const made = await client.call("open_desk", { dossier: null });
  client.emit("imported", { added: 3, refused: [], desks: [made.desk] });
  client.emit("stale", { tags: ["draft"] });
  await waitFor(() => expect(by("opened").textContent).toContain("thêm 1 hồ sơ"));
  await expectAccessible();
  await waitFor(() => expect(screen.getAllByTestId("desk-tab")).toHaveLength(2));
  await press("PageDown", true);
  await waitFor(() => expect(station.desk.id).toBe(made.desk));
  await waitFor(() => expect(screen.queryByTestId("opened")).toBeNull());
});

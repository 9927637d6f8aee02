// Starts the window: on the core when Tauri carries it, else on the counter in memory.
import "@fontsource/be-vietnam-pro/latin-400.css";
import "@fontsource/be-vietnam-pro/latin-500.css";
import "@fontsource/be-vietnam-pro/latin-600.css";
import "@fontsource/be-vietnam-pro/latin-ext-400.css";
import "@fontsource/be-vietnam-pro/latin-ext-500.css";
import "@fontsource/be-vietnam-pro/latin-ext-600.css";
import "@fontsource/be-vietnam-pro/vietnamese-400.css";
import "@fontsource/be-vietnam-pro/vietnamese-500.css";
import "@fontsource/be-vietnam-pro/vietnamese-600.css";
import "./styles/tokens.css";
import "./styles/fact-list.css";
import "./styles/table.css";
import { mount } from "svelte";
import type { Client } from "./api/client";
import App from "./App.svelte";
import { Station } from "./station.svelte";

async function start(): Promise<void> {
  const target = document.getElementById("app");
  if (!target) throw new Error("index.html has no #app");
  const inTauri = "__TAURI_INTERNALS__" in window;
  const demo = inTauri ? null : await import("./api/demo");
  const client: Client = demo ? demo.demoClient() : (await import("./api/tauri")).tauriClient();
  const station = new Station(client);
  mount(App, { target, props: { station } });
  await station.start();
  await demo?.arrange(station);
}

void start();

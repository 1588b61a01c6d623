/** The sandbox's bar: shows the state, sends the prompt's words, keeps the channel's frame. */
const $ = (id) => document.getElementById(id);
const frame = $("channel");
const SVG = "http://www.w3.org/2000/svg";
const ORDINARY = 1000;
const TRAVELLING = 300;
const CALLED_DIRECT = "Direct message";

let run = null;
let view = null;
let drawn = "";
let isSending = false;
let wantsFocus = true;
let showsTools = false;
let noticed = null;
let tries = 0;

/** @param {string} text @param {"" | "busy" | "refused"} kind */
function say(text, kind = "") {
  const status = $("status");
  if (status.textContent !== text) status.textContent = text;
  status.dataset.kind = kind;
  if (kind === "refused") status.scrollIntoView({ block: "nearest" });
}

/** Sends one line of the prompt. @param {string} line @param {string} [busy] */
async function send(line, busy = "") {
  if (isSending) return;
  isSending = true;
  say(busy, "busy");
  void refresh();
  try {
    const response = await fetch("/sandbox/command", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ line }),
    });
    if (!response.ok) throw new Error(await response.text());
    const answer = await response.json();
    say(answer.text, answer.refused ? "refused" : "");
  } catch {
    say("The sandbox did not answer. Is it still running?", "refused");
  } finally {
    isSending = false;
    await refresh();
  }
}

/** @param {string} kind */
function icon(kind) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${kind}`);
  svg.append(use);
  return svg;
}

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** @param {string} name @param {Node} mark @param {() => void} press */
function row(name, mark, press) {
  const item = document.createElement("li");
  const button = make("button", "row");
  button.type = "button";
  button.dataset.name = name;
  button.append(mark, make("span", "name", name));
  button.addEventListener("click", press);
  item.append(button);
  return { item, button };
}

function placeRow({ name, kind, unread }, isCurrent) {
  const line = kind === "direct" ? "dm" : `channel ${name}`;
  const { item, button } = row(name, icon(kind), () => {
    wantsFocus = true;
    void send(line);
  });
  if (isCurrent) button.setAttribute("aria-current", "page");
  if (unread) {
    const count = make("span", "count", String(unread));
    count.setAttribute("aria-label", unread === 1 ? "1 new post" : `${unread} new posts`);
    button.append(count);
  }
  return item;
}

function personRow(name, isCurrent) {
  const mark = make("span", "dot");
  const { item, button } = row(name, mark, () => {
    wantsFocus = true;
    void send(`as ${name}`);
  });
  button.setAttribute("aria-pressed", String(isCurrent));
  return item;
}

/** Replaces a list's rows and keeps the focus on the row of the same name. */
function fill(list, items) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.name : null;
  list.replaceChildren(...items);
  if (focused) [...list.querySelectorAll("button")].find((button) => button.dataset.name === focused)?.focus();
  list.querySelector("[aria-current], [aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function drawLists(state) {
  const shown = JSON.stringify([state.places, state.place, state.people, state.person]);
  if (shown === drawn) return;
  drawn = shown;
  const places = state.places.map((place) => placeRow(place, place.name === state.place));
  const direct = { name: CALLED_DIRECT, kind: "direct", unread: 0 };
  fill($("places"), [...places, placeRow(direct, state.place === null)]);
  fill($("people"), state.people.map((name) => personRow(name, name === state.person)));
}

function drawClock(state) {
  const [, day, time, zone] = /^(.*), (\d\d:\d\d) \((.*)\)$/.exec(state.clock) || [null, state.clock, "", ""];
  $("clock-day").textContent = day;
  $("clock-time").textContent = time;
  $("clock-zone").textContent = zone;
  const when = $("when");
  if (document.activeElement !== when && !when.dataset.touched) when.value = state.tomorrow;
  when.min = state.field;
  const next = $("next");
  next.hidden = state.next === null;
  if (state.next) next.replaceChildren("Go to the next post", make("span", "", state.next));
  for (const button of document.querySelectorAll(".clock button, .more [data-line]")) button.disabled = isSending || state.goal !== null;
  if (state.goal) say(`${state.clock}\nOn the way to ${state.goal}`, "busy");
}

function draw(state) {
  if (run !== null && run !== state.run) window.location.reload();
  run = state.run;
  $("community").textContent = state.community;
  $("problem").hidden = !state.problem;
  $("problem").textContent = state.problem ? `Help-only mode: only /help-now answers.\n${state.problem}` : "";
  drawLists(state);
  drawClock(state);
  const where = state.place ?? `${CALLED_DIRECT} with Breather`;
  document.title = `${where} · Breather sandbox`;
  frame.title = `${where}, seen as ${state.person}`;
  if (view !== state.view) {
    view = state.view;
    openChannel();
  }
}

function openChannel() {
  const active = document.activeElement;
  wantsFocus ||= active === document.body || active === frame;
  frame.classList.add("is-opening");
  frame.dataset.ready = "";
  // Not frame.src: that would add a step to the browser's history for every channel.
  frame.contentWindow.location.replace(`/channel?view=${view}&try=${(tries += 1)}#sandbox`);
}

/** Notices what simcord's page says in its hidden toolbar only. */
function watchChannel() {
  const page = frame.contentWindow?.simcordPreview;
  if (!page || frame.dataset.ready !== view) return;
  if (!page.authorized && page.viewerId === null) { openChannel(); return; }
  const action = page.lastAction;
  if (!action || action.requestId === noticed || page.pendingAction) return;
  noticed = action.requestId;
  // A press that drew no answer yet is one that failed; a refusal that was answered is not.
  const wasAnswered = ["acknowledged", "deferred", "not_applicable"].includes(action.acknowledgement);
  if (action.rejected || action.acknowledgement === "unacknowledged" || (action.settlement !== "settled" && !wasAnswered)) {
    say("That did not get through to the bot. Try it again; the Inspector says why.", "refused");
  }
}

/** Waits until simcord has drawn the channel, then hands the focus to its composer. */
async function channelLoaded() {
  const page = frame.contentDocument;
  if (!page?.querySelector("#preview-app")) return;
  applyTools();
  const empty = page.querySelector("#channel-empty");
  if (empty) empty.textContent = "Nothing here yet. Type / in the field below to see what Breather can do.";
  for (let waits = 0; waits < 200 && page === frame.contentDocument; waits += 1) {
    const composer = page.querySelector("#channel-composer-input");
    if (page.querySelector('#preview-app[aria-busy="false"]') && composer?.checkVisibility()) {
      frame.classList.remove("is-opening");
      if (wantsFocus) {
        wantsFocus = false;
        frame.focus();
        composer.focus();
      }
      frame.dataset.ready = view;
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  frame.classList.remove("is-opening");
  frame.dataset.ready = view; // so that watchChannel tries again
}

function applyTools() {
  const page = frame.contentDocument;
  page?.documentElement.classList.toggle("calm", !showsTools);
  if (showsTools && page?.querySelector("#inspector-panel")?.hidden) page.querySelector("#inspector-toggle")?.click();
  $("tools").setAttribute("aria-pressed", String(showsTools));
}

let asked = 0;
let isLost = false;
async function refresh() {
  const mine = ++asked;
  try {
    const response = await fetch("/sandbox/state", { cache: "no-store" });
    if (!response.ok) throw new Error(String(response.status));
    const state = await response.json();
    if (mine !== asked) return state;
    if (isLost) say("");
    isLost = false;
    draw(state);
    return state;
  } catch {
    isLost = true;
    say("The sandbox has stopped. Start it again and this page goes on.", "refused");
    return null;
  }
}

async function poll() {
  const state = await refresh();
  watchChannel();
  setTimeout(poll, state?.goal ? TRAVELLING : ORDINARY);
}

for (const button of document.querySelectorAll("button[data-line]")) {
  button.addEventListener("click", () => void send(button.dataset.line, button.dataset.line === "restart" ? "Restarting…" : "Travelling…"));
}
$("when").addEventListener("input", () => { $("when").dataset.touched = "yes"; });
$("go").addEventListener("submit", (event) => {
  event.preventDefault();
  delete $("when").dataset.touched;
  void send(`at ${$("when").value}`, "Travelling…");
});
$("tools").addEventListener("click", () => { showsTools = !showsTools; applyTools(); });
frame.addEventListener("load", () => void channelLoaded());
void poll();

// Asks the service and shows what it says. Names come from strangers' files: they are only ever set as text.
const at = (id) => document.getElementById(id);

function make(tag, text = "", attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const TRIES = 4;
const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

/** Asks, and asks again for a while where the service says when. */
async function ask(path, options = {}) {
  for (let left = TRIES - 1; ; left--) {
    const response = await fetch(path, options).catch(() => { throw new Error("The service cannot be reached."); });
    if (response.ok) return response;
    const again = Number(response.headers.get("Retry-After"));
    if (again > 0 && left > 0) {
      await pause(again);
    } else {
      const problem = await response.json().catch(() => ({}));
      throw new Error(`${problem.title ?? response.statusText}: ${problem.detail ?? response.status}`);
    }
  }
}

function say(where, text, wrong = false) {
  at(where).textContent = text;
  at(where).classList.toggle("wrong", wrong);
}

function table(id, heads, rows) {
  const cell = (tag, value, column) =>
    make(tag, String(value), typeof rows[0]?.[column] === "number" ? { class: "number" } : {});
  const head = make("tr");
  head.append(...heads.map((each, column) => cell("th", each, column)));
  at(id).replaceChildren(head, ...rows.map((values) => {
    const row = make("tr");
    row.append(...values.map((value, column) => cell("td", value, column)));
    return row;
  }));
}

const short = (value) => (typeof value === "number" ? Number(value.toPrecision(4)) : "-");
const whole = (value) => value.toLocaleString("en");
const size = (bytes) => (bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`);
const percent = (value) => `${(100 * value).toFixed(1)} %`;
const offers = (operation) => models.filter((model) => model.operations.includes(operation));
let models = [];
let last = 0; // which file is shown: answers about an earlier one come too late

async function image(id, path, file, mine) {
  const figure = at(id);
  const blob = await (await ask(path, { method: "POST", body: file })).blob();
  if (mine !== last) return;
  const picture = figure.querySelector("img");
  URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(blob);
  await picture.decode();
  figure.hidden = false;
}

function listFacts(list, facts) {
  list.replaceChildren(...facts.flatMap(([key, value]) => [make("dt", key), make("dd", String(value))]));
}

function odd({ nans = 0, infinities = 0 } = {}) {
  return [nans && `${whole(nans)} NaN`, infinities && `${whole(infinities)} infinite`].filter(Boolean).join(", ");
}

function group({ kind, size, count, log10_order: order, dimensions }) {
  return [kind, count ? `${whole(count)} of ${whole(size)}` : "", dimensions ? `${whole(dimensions)} free numbers`
    : `10^${order.toFixed(1)} elements`];
}

function describe(file, { format, parameters, network, unrecognised, tensors }) {
  at("name").textContent = file.name;
  listFacts(at("facts"), [
    ...(network ? [["network", `${network.family}, ${network.architecture}`], ["because", network.reason || "its tensors say so"],
      ["confidence", `${Math.round(100 * network.confidence)} %`], ["input", network.input.join(" x ")],
      ["output", network.output.join(" x ")], ["neurons", `in ${network.blocks} blocks, ${network.movable} of them movable`]]
      : [["network", unrecognised]]),
    ["parameters", whole(parameters)], ["format", format]]);
  table("symmetries", ["kind", "blocks", "group"], (network?.symmetries ?? []).map(group));
  table("tensors", ["tensor", "type", "shape", "mean", "deviation", "least", "greatest", ""], tensors.map(
    ({ name, dtype, shape, statistics: of }) => [name, dtype, shape.join(" x "), short(of?.mean), short(of?.deviation),
      short(of?.least), short(of?.greatest), odd(of)]));
  at("result").hidden = false;
}

async function classify(model, file, mine) {
  const card = make("div", "", { class: "card" });
  const title = make("h5", model.name);
  card.append(title);
  at("answers").append(card);
  try {
    const answer = await (await ask(`/v1/models/${encodeURIComponent(model.name)}/classify`, { method: "POST", body: file })).json();
    title.append(make("b", answer.answer));
    const odds = make("div", "", { class: "odds" });
    for (const [name, value] of Object.entries(answer.probabilities).sort((a, b) => b[1] - a[1]).slice(0, 3)) {
      odds.append(make("span", name), make("progress", "", { value, "aria-label": name }), make("output", percent(value)));
    }
    card.append(odds);
  } catch (problem) {
    if (mine === last) card.append(make("p", problem.message, { class: "wrong" }));
  }
}

/** Shows everything that there is to say about a file, each as soon as it is known. */
async function look(file) {
  const mine = ++last;
  at("result").hidden = at("graph").hidden = at("picture").hidden = true;
  at("answers").replaceChildren();
  say("status", `Reading ${file.name} ...`);
  try {
    const summary = await (await ask("/v1/checkpoints/summary?statistics=true", { method: "POST", body: file })).json();
    if (mine !== last) return;
    describe(file, summary);
    const network = summary.network;
    const draws = network && network.input.join() === "2" && ["1", "3"].includes(network.output.join());
    const readers = offers("classify").filter((model) => model.facts.reads_parameters === (network ?? summary).parameters);
    const wanted = readers.map((model) => classify(model, file, mine));
    if (!readers.length) at("answers").append(make("p", "No model that is served here reads this network.", { class: "faint" }));
    if (network) wanted.push(image("graph", "/v1/checkpoints/graph", file, mine));
    if (draws) wanted.push(image("picture", "/v1/checkpoints/picture?side=256", file, mine));
    await Promise.all(wanted);
    if (mine === last) say("status", "");
  } catch (problem) {
    if (mine === last) say("status", problem.message, true);
  }
}

function wantedNetwork() {
  const family = at("family").value;
  if (family) return { family };
  try {
    return { architecture: JSON.parse(at("architecture").value) };
  } catch (problem) {
    throw new Error(`The architecture is no JSON: ${problem.message}`);
  }
}

function allow(asking) {
  at("parameters").disabled = at("embedding").disabled = !asking;
}

/** Saves the answer as a file; the link stays for those who want it once more. */
async function predict(event) {
  event.preventDefault();
  const parameters = (event.submitter ?? at("parameters")).value === "parameters";
  const name = `${at("family").value || "network"}.${parameters ? "safetensors" : "embedding.json"}`;
  const begin = performance.now();
  allow(false);
  say("predicted", "Predicting ...");
  try {
    const model = `/v1/models/${encodeURIComponent(at("hypernet").value)}`;
    const path = parameters ? `${model}/parameters` : `${model}/embedding`;
    const body = JSON.stringify({ ...wantedNetwork(), ...(parameters && { new_classes: at("classes").checked }) });
    const response = await ask(path, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    const blob = await response.blob();
    URL.revokeObjectURL(at("saved")?.href);
    const link = make("a", name, { id: "saved", href: URL.createObjectURL(blob), download: name });
    say("predicted", "");
    at("predicted").append(link, `, ${size(blob.size)}, after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    link.click();
  } catch (problem) {
    say("predicted", problem.message, true);
  }
  allow(true);
}

/** A card's Markdown as far as cards use it: headings, tables and lists as they are, and paragraphs; what stands before the first heading is for programs. */
function cardText(markdown) {
  const text = make("div", "", { class: "text" });
  for (const block of markdown.replace(/^---\n[^]*?\n---\n/, "").split(/\n{2,}/)) {
    const [, level, title, rest] = block.trim().match(/^(?:(#+) (.*)\n?)?([^]*)$/);
    if (level) text.append(make(level.length > 1 ? "h4" : "h3", title));
    if (rest) text.append(make(/^[|*-]/.test(rest) ? "pre" : "p", rest.replaceAll("`", "")));
  }
  return text;
}

function show(model) {
  const details = make("details");
  const facts = make("dl");
  listFacts(facts, Object.entries({ version: model.version, ...model.facts }).map(
    ([key, value]) => [key.replaceAll("_", " "), Array.isArray(value) ? value.join(", ") : typeof value === "number" ? whole(value) : value]));
  const title = make("summary");
  title.append(make("b", model.name), ` ${model.kind}, does ${model.operations.join(", ") || "nothing yet"}`);
  details.append(title, facts, model.card ? cardText(model.card) : make("p", "It has no card.", { class: "text faint" }));
  return details;
}

async function begin() {
  try {
    models = (await (await ask("/v1/models")).json()).models;
    at("list").replaceChildren(...(models.length ? models.map(show) : [make("p", "There are none yet.")]));
    const writers = offers("parameters");
    at("hypernet").replaceChildren(...writers.map((model) => make("option", model.name)));
    allow(writers.length > 0);
    if (!writers.length) say("predicted", "No hypernetwork is served.");
    const families = (await (await ask("/v1/families")).json()).families;
    at("family").replaceChildren(...families.map((name) => make("option", name, { value: name, ...(name === "resnet18" && { selected: "" }) })),
      make("option", "my own", { value: "" }));
  } catch (problem) {
    say("status", problem.message, true);
  }
}

const drop = at("drop");
drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  if (event.dataTransfer.files.length) look(event.dataTransfer.files[0]);
});
at("file").addEventListener("click", () => { at("file").value = ""; }); // the same file may be chosen again
at("file").addEventListener("change", () => { if (at("file").files.length) look(at("file").files[0]); });
at("family").addEventListener("change", () => { at("own").hidden = at("family").value !== ""; });
at("predict").addEventListener("submit", predict);
begin();
